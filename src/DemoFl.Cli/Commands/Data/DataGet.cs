using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using DemoFl.Learning;

namespace DemoFl.Cli.Commands;

/// <summary><c>demofl data get</c>: fetches a public data set by its pinned hashes.</summary>
internal static class DataGet
{
    public static Command Create() => Create(PublicDatasets.Named);

    /// <param name="filesOf">The files of a set by its name; tests give small ones.</param>
    internal static Command Create(Func<string, ImmutableArray<DownloadFile>> filesOf)
    {
        var name = new Argument<string>("NAME") { Description = "mnist (11 MB) or cifar10 (170 MB)." };
        var folder = new Option<string?>("--out") { Description = "The folder to put it into; by default data/NAME.", HelpName = "DIR" };
        var mirrors = new Option<string[]>("--mirror")
        {
            Description = "Addresses to fetch from in place of the known mirrors; the file's name is appended.", HelpName = "URL",
            AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [],
        };
        var json = Facts.JsonOption();
        var command = new Command("get", """
            Fetch a public data set. What is fetched must match a pinned SHA-256, wherever it comes from; what is there already is kept.

            Examples:
              demofl data get mnist
              demofl data get cifar10 --out /srv/cifar10 --mirror https://mirror.example.org/cifar10/
            """) { name, folder, mirrors, json };
        command.SetRefusingAction(async (parsed, ct) =>
        {
            var set = parsed.GetRequiredValue(name);
            var files = From(filesOf(set), parsed.GetRequiredValue(mirrors));
            await GetAsync(parsed, json, set, files, parsed.GetValue(folder) ?? Path.Combine("data", set), ct);
        });
        return command;
    }

    private static async Task GetAsync(
        ParseResult parsed, Option<bool> json, string set, ImmutableArray<DownloadFile> files, string folder, CancellationToken ct)
    {
        var error = parsed.InvocationConfiguration.Error;
        var meter = new DownloadMeter(ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected ? error : null);
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        try
        {
            await new DatasetDownload(http).FetchAsync(files, folder, meter, ct);
        }
        catch (IOException e)
        {
            throw new CliException($"{e.Message} Other mirrors can be named by --mirror.", ExitCode.Failed, e);
        }
        finally
        {
            meter.Finish();
        }

        var facts = new JsonObject
        {
            ["path"] = folder, ["spec"] = $"{set}:{folder}", ["fetched"] = Facts.ArrayOf(meter.Fetched),
            ["kept"] = Facts.ArrayOf(files.Select(file => file.FileName).Except(meter.Fetched)),
        };
        Facts.Write(parsed, json, facts, output =>
        {
            output.WriteLine(
                meter.Fetched.Count == 0 ? $"{folder}: was complete already." : $"{folder}: fetched {string.Join(", ", meter.Fetched)}.");
            output.WriteLine($"Use it as {set}:{folder}");
        });
    }

    private static ImmutableArray<DownloadFile> From(ImmutableArray<DownloadFile> files, string[] mirrors)
    {
        if (Array.Find(mirrors, mirror => !IsWebAddress(mirror)) is { } bad)
            throw new CliException($"--mirror '{bad}' is not a web address. Give one such as https://mirror.example.org/mnist/.");
        return mirrors.Length == 0
            ? files
            : [.. files.Select(
                file => file with { Mirrors = [.. mirrors.Select(mirror => new Uri($"{mirror.TrimEnd('/')}/{file.FileName}"))] })];
    }

    private static bool IsWebAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);
}
