using System.CommandLine;
using DemoFl.Cli.Policies;
using DemoFl.Learning;
using DemoFl.Node;
using DemoFl.Node.Owner;
using DemoFl.Protocol;

namespace DemoFl.Cli.Commands;

/// <summary>
/// <c>--policy</c> and <c>--no-log</c>: what the owner of this process's nodes accepts, and the records and counts of those nodes, which are this
/// process's alone until it is disposed.
/// </summary>
internal sealed class NodeOwner : IDisposable
{
    private static readonly Option<FileInfo?> PolicyFile = new("--policy")
    {
        Description = "Policy file (YAML): what this node accepts. See `demofl node policy check`.",
    };

    private static readonly Option<bool> NoLog = new("--no-log") { Description = "Keep no record of what leaves this node (see `demofl node log`)." };

    private readonly OwnerPolicy? _policy;
    private readonly bool _records;
    private readonly List<IDisposable> _open = [];

    private NodeOwner(OwnerPolicy? policy, bool records) => (_policy, _records) = (policy, records);

    /// <summary>What the loader must keep to.</summary>
    public DatasetLimits Limits => new(_policy?.Columns, _policy?.DataShare ?? 1);

    /// <summary>Whether the policy says yes to showing updates to the server.</summary>
    public bool AllowsPlain => _policy?.Layouts?.Contains(Layout.Plain) ?? false;

    public static void AddTo(Command command)
    {
        command.Options.Add(PolicyFile);
        command.Options.Add(NoLog);
    }

    /// <summary>Reads the policy; nothing is opened yet.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="external">Whether a trainer of the owner's holds the data.</param>
    /// <exception cref="CliException">The policy is wrong, or limits data that this node does not hold.</exception>
    public static NodeOwner Read(ParseResult parsed, bool external)
    {
        var policy = parsed.GetValue(PolicyFile) is { } file ? PolicyReader.Read(file.FullName) : null;
        return external && (policy?.Columns is not null || policy?.DataShare is not null)
            ? throw new CliException(
                $"The policy sets {(policy.Columns is null ? "data-share" : "columns")}, and with --trainer the trainer holds the data. Leave it out, and have the trainer see to it.")
            : new NodeOwner(policy, !parsed.GetValue(NoLog));
    }

    /// <summary>Adds the policy, the record and the count to a node's options.</summary>
    /// <exception cref="CliException">Another process has the node's folder, or nothing can be written there.</exception>
    public NodeOptions Attach(NodeOptions options, string keys)
    {
        try
        {
            bool counts = _policy is { CountsRounds: true };
            if (!_records && !counts)
            {
                return _policy is null ? options : options with { Owner = new OwnerRules(_policy) };
            }

            var folder = Opened(OwnerFolder.Take(keys, options.Name));
            return options with
            {
                Owner = _policy is null ? null : new OwnerRules(_policy, counts ? new RoundBudget(folder) : null),
                Record = _records ? Opened(OwnerRecord.Open(folder, options.Name)) : null,
            };
        }
        catch (RecordException e)
        {
            throw new CliException(TextTable.Printable(e.Message), ExitCode.Usage, e);
        }
    }

    /// <summary>Closes the records, then gives the folders back.</summary>
    public void Dispose()
    {
        _open.Reverse();
        _open.ForEach(o => o.Dispose());
    }

    private T Opened<T>(T opened)
        where T : IDisposable
    {
        _open.Add(opened);
        return opened;
    }
}
