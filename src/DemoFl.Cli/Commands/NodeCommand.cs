using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using DemoFl.Cli.Output;
using DemoFl.Cli.Runs;
using DemoFl.Identity;
using DemoFl.Learning;
using DemoFl.Node;
using DemoFl.Node.Connections;
using DemoFl.Protocol;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace DemoFl.Cli.Commands;

/// <summary><c>demofl node</c>: one or several parties in this process, one of which may lead.</summary>
internal static class NodeCommand
{
    private static readonly Option<Uri> Server = SharedOptions.Server(required: true);
    private static readonly Option<string> Name = new("--name") { Description = "The node's name.", DefaultValueFactory = _ => "node" };
    private static readonly Option<int> Count = new("--count")
    {
        Description = "Parties in this process, NAME-1 and on; only the first recommends itself as leader.", DefaultValueFactory = _ => 1,
    };

    private static readonly Option<string> Data = new("--data") { Description = "Training data: generated[:...], mnist:DIR, cifar10:DIR, csv:FILE[,...].", DefaultValueFactory = _ => "generated" };
    private static readonly Option<string> Partition = new("--partition") { Description = "Take one part of the data: iid, shards:2, dirichlet:0.5.", DefaultValueFactory = _ => "iid" };
    private static readonly Option<int> Parts = new("--parts") { Description = "Parts the data are dealt into; 1 keeps all.", DefaultValueFactory = _ => 1 };
    private static readonly Option<int> Index = new("--index") { Description = "This node's part, from 0; further parties take the ones behind it.", DefaultValueFactory = _ => 0 };
    private static readonly Option<ulong> PartitionSeed = new("--partition-seed") { Description = "Seed of the dealing.", DefaultValueFactory = _ => 1 };
    private static readonly Option<DirectoryInfo> Keys = new("--keys") { Description = "Folder of NAME.key files; made at first start.", DefaultValueFactory = _ => new DirectoryInfo("keys") };
    private static readonly Option<FileInfo?> TlsAuthority = new("--tls-ca") { Description = "Authority of the server's TLS certificate; the machine's own store without." };
    private static readonly Option<string> Token = new("--token") { Description = "Join token.", DefaultValueFactory = _ => "" };
    private static readonly Option<bool> AllowPlain = new("--allow-plain") { Description = "Take part in runs that show updates to the server." };
    private static readonly Option<int> MinLeaders = new("--min-leaders") { Description = "Smallest number of leaders this node accepts.", DefaultValueFactory = _ => 2 };
    private static readonly Option<int> MinKMin = new("--min-k") { Description = "Smallest k-min this node accepts.", DefaultValueFactory = _ => 3 };
    private static readonly Option<int> Threads = new("--threads") { Description = "Parties that may train at once; all cores by default.", DefaultValueFactory = _ => Environment.ProcessorCount };
    private static readonly Option<bool> Insecure = SharedOptions.Insecure();
    private static readonly Option<bool> Json = SharedOptions.Json();
    private static readonly Option<LogLevel> Level = SharedOptions.Log();
    private static readonly Option<bool> ExitWithInput = SharedOptions.ExitWithInput();
    private static readonly TrustOptions Trust = new();
    private static readonly TrainerOption Trainer = new(Count, Data, Partition, Parts, Index, PartitionSeed, Threads);

    public static Command Create()
    {
        var command = new Command("node", """
            Take part in a federation: train on data that stay here, and perhaps hold a leader's slot.

            Examples:
              demofl node --server https://fl.example:7070 --name alice --data csv:patients.csv --roster roster.txt --tls-ca ca.crt
              demofl node --server http://127.0.0.1:7070 --name lab --count 10 --data mnist:data/mnist --parts 10
              demofl node --server https://fl.example:7070 --name bob --trainer unix:/run/user/1000/bob.sock
              demofl node --server https://fl.example:7070 --name carol --data csv:patients.csv --policy policy.yaml
              demofl node log --name carol
            """)
        {
            Server, Name, Count, Data, Trainer.Option, Partition, Parts, Index, PartitionSeed, Keys, TlsAuthority, Token, AllowPlain, MinLeaders, MinKMin, Threads, Insecure,
            Json, Level, ExitWithInput,
        };
        Trust.AddTo(command);
        NodeOwner.AddTo(command);
        command.Add(NodePolicyCommand.Create());
        command.Add(NodeLogCommand.Create());
        command.SetAction((parsed, _) => RunAsync(parsed));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed)
    {
        int count = InRange(parsed, Count, 1, 10_000);
        using var authority = parsed.GetValue(TlsAuthority) is { } file ? PemFiles.LoadCertificate(file.FullName) : null;
        var server = parsed.GetValue(Server)!;
        using var connection = new ServerConnection(server, authority);
        using var turns = new SemaphoreSlim(InRange(parsed, Threads, 1, 1024));
        using var logging = LoggerFactory.Create(builder => ConsoleLog.At(parsed.GetValue(Level))(builder));
        using var stop = new StopSignal(parsed.GetValue(ExitWithInput));
        var trust = Trust.Read(parsed);
        var incarnation = new Incarnation(BitConverter.ToUInt128(RandomNumberGenerator.GetBytes(16)));
        INodeObserver observer = parsed.GetValue(Json) ? new NodeEvents(Console.Out) : new NodeLines(Console.Out);
        using var owner = NodeOwner.Read(parsed, external: parsed.GetValue(Trainer.Option) is not null);
        using var external = await Trainer.OpenAsync(parsed, parsed.GetValue(Name)!, logging, stop.Token);
        var parts = external is null ? PartsOf(parsed, count, owner.Limits) : [];
        var keys = new List<IdentityKey>();
        try
        {
            var nodes = Enumerable.Range(0, count).Select(i =>
            {
                string name = count == 1 ? parsed.GetValue(Name)! : $"{parsed.GetValue(Name)}-{i + 1}";
                keys.Add(KeyOf(parsed, name));
                var options = Options(parsed, name, keys[^1], trust, authority, incarnation, i == 0,
                    external ?? (ITrainer)new EmbeddedTrainer(name, parts[i], turns), owner.AllowsPlain);
                return new Node.Node(owner.Attach(options, parsed.GetValue(Keys)!.FullName), connection, observer, logging.CreateLogger<Node.Node>());
            }).ToArray();
            await ServerContact.RequireCommonGroundAsync(connection, server, stop.Token);
            TrustOptions.Warn(trust);
            var outcomes = await Task.WhenAll(nodes.Select(n => n.RunAsync(stop.Token)));
            if (!parsed.GetValue(Json))
            {
                Console.WriteLine($"The run is over: {outcomes[0].Reason}.");
            }

            return outcomes.All(o => o.Succeeded) ? ExitCode.Success : ExitCode.Failed;
        }
        catch (RpcException e)
        {
            throw ServerContact.Explained(e, server, connection.CertificateComplaint);
        }
        finally
        {
            keys.ForEach(k => k.Dispose());
        }
    }

    private static NodeOptions Options(
        ParseResult parsed, string name, IdentityKey key, ITrustPolicy trust, System.Security.Cryptography.X509Certificates.X509Certificate2? authority,
        Incarnation incarnation, bool canLead, ITrainer trainer, bool allowsPlain)
    {
        string certificate = Path.Combine(parsed.GetValue(Keys)!.FullName, $"{name}.crt");
        var options = new NodeOptions
        {
            Server = parsed.GetValue(Server)!, Name = name, Key = key, Trust = trust, Trainer = trainer, TlsAuthority = authority,
            Certificate = File.Exists(certificate) ? PemFiles.LoadCertificate(certificate).RawData : default,
            Insecure = parsed.GetValue(Insecure), Token = parsed.GetValue(Token)!, CanLead = canLead, Incarnation = incarnation,
            Policy = new NodePolicy(parsed.GetValue(MinLeaders), parsed.GetValue(MinKMin), parsed.GetValue(AllowPlain) || allowsPlain),
        };
        return options.Errors() is { Count: > 0 } errors ? throw new CliException(string.Join(Environment.NewLine, errors)) : options;
    }

    private static IdentityKey KeyOf(ParseResult parsed, string name)
    {
        if (!NodeName.IsValid(name))
        {
            throw new CliException($"--name '{name}' is not valid; use {NodeName.Rule}.");
        }

        string folder = parsed.GetValue(Keys)!.FullName;
        RunPlace.Make(folder, "--keys");
        return IdentityKey.LoadOrCreate(Path.Combine(folder, $"{name}.key"));
    }

    private static Dataset[] PartsOf(ParseResult parsed, int count, DatasetLimits limits)
    {
        int parts = InRange(parsed, Parts, 1, 65_536);
        int index = parsed.GetValue(Index);
        if (index < 0 || (parts == 1 ? index > 0 : index > parts - count))
        {
            throw new CliException($"--index {index} with --count {count} reaches beyond the parts, of which --parts makes {parts}.");
        }

        var train = Datasets.Load(parsed.GetValue(Data)!, limits).Train;
        if (parts == 1)
        {
            return [.. Enumerable.Repeat(train, count)];
        }

        int[][] split = Partitioner.Split(train, parsed.GetValue(Partition)!, parts, parsed.GetValue(PartitionSeed));
        return [.. split.Skip(index).Take(count).Select(indices => train.Subset(indices))];
    }

    private static int InRange(ParseResult parsed, Option<int> option, int low, int high)
    {
        int value = parsed.GetValue(option);
        return value >= low && value <= high ? value : throw new CliException($"{option.Name} is {value}; it must be {low} to {high}.");
    }

    private sealed class NodeLines(TextWriter output) : INodeObserver
    {
        public void On(string node, NodeEvent happened) => output.WriteLine($"{node}: {happened switch
        {
            NodeEvent.SlotTaken m => $"holds slot {m.Slot} in term {m.Term}",
            NodeEvent.KeysEstablished m => $"has keys with all leaders of term {m.Term}",
            NodeEvent.RoundJoined m => $"round {m.Round}: training",
            NodeEvent.Declined m => $"round {m.Round}: sits out: {m.Reason}",
            NodeEvent.LeaderReplaced m => $"round {m.Round}: slot {m.Slot} has a new holder in term {m.Term}",
            NodeEvent.Resealed m => $"round {m.Round}: resealed to the new holder of term {m.Term}, without training again",
            NodeEvent.RoundEnded m => $"round {m.Round}: {(m.AbortReason is null ? "committed" : $"aborted: {m.AbortReason}")}",
            _ => happened.ToString(),
        }}");
    }

    private sealed class NodeEvents(TextWriter output) : INodeObserver
    {
        private readonly EventLines _lines = new(output);

        public void On(string node, NodeEvent happened)
        {
            string kind = happened.GetType().Name;
            var line = new JsonObject { ["node"] = node };
            switch (happened)
            {
                case NodeEvent.SlotTaken m:
                    (line["term"], line["slot"]) = (m.Term.Value, m.Slot.Index);
                    break;
                case NodeEvent.KeysEstablished m:
                    line["term"] = m.Term.Value;
                    break;
                case NodeEvent.RoundJoined m:
                    line["round"] = m.Round.Value;
                    break;
                case NodeEvent.Declined m:
                    (line["round"], line["reason"]) = (m.Round.Value, m.Reason);
                    break;
                case NodeEvent.LeaderReplaced m:
                    (line["round"], line["term"], line["slot"]) = (m.Round.Value, m.Term.Value, m.Slot.Index);
                    break;
                case NodeEvent.Resealed m:
                    (line["round"], line["term"]) = (m.Round.Value, m.Term.Value);
                    break;
                case NodeEvent.RoundEnded m:
                    (line["round"], line["aborted"]) = (m.Round.Value, m.AbortReason);
                    break;
            }

            _lines.Write(char.ToLowerInvariant(kind[0]) + kind[1..], line);
        }
    }
}
