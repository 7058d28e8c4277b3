using System.CommandLine;
using DemoFl.Node;
using DemoFl.Node.Trainers;
using Microsoft.Extensions.Logging;

namespace DemoFl.Cli.Commands;

/// <summary><c>--trainer</c>: training in a process of the owner's own, in place of the embedded models and data.</summary>
internal sealed class TrainerOption(Option<int> count, params Option[] embedded)
{
    /// <summary>For a trainer that is being started at the same moment. One that loads much is to be waited for by who starts both.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The option, for a command to have.</summary>
    public Option<string?> Option { get; } = new("--trainer")
    {
        Description = "Train in a process of your own, such as PyTorch's, that listens at http://127.0.0.1:PORT or unix:PATH; it has data of its own.",
    };

    /// <summary>The trainer, once it is ready; null where the option is not given.</summary>
    /// <exception cref="CliException">The address is none, the options do not go together, or the trainer is not ready.</exception>
    public async Task<ExternalTrainer?> OpenAsync(ParseResult parsed, string party, ILoggerFactory logging, CancellationToken cancellation)
    {
        if (parsed.GetValue(Option) is not { } text)
        {
            return null;
        }

        if (Array.Find(embedded, o => parsed.GetResult(o) is { Implicit: false }) is { } other)
        {
            throw new CliException($"{other.Name} is about data that this node holds, and with --trainer the trainer holds them. Leave it out.");
        }

        if (parsed.GetValue(count) != 1)
        {
            throw new CliException($"--trainer trains one party, and --count is {parsed.GetValue(count)}. Start a node for each trainer.");
        }

        var trainer = new ExternalTrainer(party, AddressOf(text), logging.CreateLogger<ExternalTrainer>());
        try
        {
            await trainer.RequireReadyAsync(Patience, cancellation);
            return trainer;
        }
        catch (TrainerException e)
        {
            trainer.Dispose();
            throw new CliException(e.Message, ExitCode.Unreachable, e);
        }
        catch
        {
            trainer.Dispose();
            throw;
        }
    }

    private static TrainerAddress AddressOf(string text)
    {
        try
        {
            return TrainerAddress.Parse(text);
        }
        catch (FormatException e)
        {
            throw new CliException($"--trainer {e.Message}", ExitCode.Usage, e);
        }
    }
}
