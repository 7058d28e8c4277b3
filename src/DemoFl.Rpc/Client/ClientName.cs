namespace Grpc.Net.Client.Calls;

/// <summary>How this client introduces itself.</summary>
internal static class ClientName
{
    public static string Value { get; } =
        $"grpc-dotnet-demofl/{typeof(ClientName).Assembly.GetName().Version?.ToString(3) ?? "0"} (.NET {Environment.Version.ToString(2)})";
}
