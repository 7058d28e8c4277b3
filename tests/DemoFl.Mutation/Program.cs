using System.CommandLine;
using DemoFl.Mutation;

var names = new Argument<string[]>("mutant") { Description = "Mutants to try; all by default.", DefaultValueFactory = _ => [.. Collection.Names] };
var seeds = new Option<int>("--seeds") { Description = "Seeds after which a mutant counts as not caught.", DefaultValueFactory = _ => Hunt.MaxSeeds };
var seconds = new Option<double>("--seconds") { Description = "Likewise after this time.", DefaultValueFactory = _ => Hunt.MaxTime.TotalSeconds };
var from = new Option<ulong?>("--from") { Description = "First seed; the mutant's own by default." };
var control = new Option<int>("--control") { Description = "Seeds for the product as it is, which must break nothing; 0 for none.", DefaultValueFactory = _ => 2_000 };
var command = new RootCommand("Tries deliberately broken variants of the product on the simulator, and says what catches each.") { names, seeds, seconds, from, control };
command.SetAction(parsed =>
{
    var laboratory = new Laboratory(Collection.Root);
    var report = new Report(Console.Out);
    Parallel.ForEach(parsed.GetValue(names)!, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, name =>
    {
        try
        {
            var mutant = Collection.Read(name);
            mutant = mutant with { FirstSeed = parsed.GetValue(from) ?? mutant.FirstSeed };
            report.Add(Hunt.Of(laboratory, mutant, parsed.GetValue(seeds), TimeSpan.FromSeconds(parsed.GetValue(seconds))));
        }
        catch (Exception e) when (e is MutantException or IOException)
        {
            report.Add(name, e.Message);
        }
    });
    if (parsed.GetValue(control) is > 0 and var count)
    {
        report.AddProduct(Hunt.OfTheProduct(laboratory, count));
    }

    return report.IsGood ? 0 : 1;
});
return command.Parse(args).Invoke();
