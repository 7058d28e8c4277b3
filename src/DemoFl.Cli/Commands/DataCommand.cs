using System.CommandLine;

namespace DemoFl.Cli.Commands;

/// <summary><c>demofl data</c>: fetch, make and split data sets.</summary>
internal static class DataCommand
{
    public static Command Create() => new("data", "Fetch public data sets, make up new ones, and split them among parties.")
    {
        DataGet.Create(),
        DataMake.Create(),
        DataSplit.Create(),
    };
}
