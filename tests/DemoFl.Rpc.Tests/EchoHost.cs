using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DemoFl.Rpc.Tests.Protos;
using Grpc.AspNetCore.Server;
using Grpc.HealthCheck;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DemoFl.Rpc.Tests;

/// <summary>A server on a free port of the loopback with a channel to it. Error logs that no test expected fail the test.</summary>
public sealed class EchoHost : IAsyncDisposable
{
    private static readonly X509Certificate2 Certificate = CreateCertificate();

    private readonly WebApplication _app;
    private readonly ErrorLog _errors = new();
    private readonly List<GrpcChannel> _channels = [];
    private readonly TaskCompletionSource _requestEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly bool _tls;

    private EchoHost(bool tls, Action<GrpcServiceOptions>? configure)
    {
        _tls = tls;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(_errors).AddFilter("Grpc", LogLevel.Debug);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                if (!tls) return;
                listen.UseHttps(https =>
                {
                    https.ServerCertificate = Certificate;
                    https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                    https.AllowAnyClientCertificate();
                });
            });
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddGrpc(options => configure?.Invoke(options));
        builder.Services.AddSingleton(Echo);
        builder.Services.AddSingleton(Health);
        _app = builder.Build();
        _app.Use(async (_, next) =>
        {
            await next();
            _requestEnded.TrySetResult();
        });
        _app.MapGrpcService<ScriptedEcho>();
        _app.MapGrpcService<HealthServiceImpl>();
        _app.MapGet("/plain/text", () => "no gRPC");
        _app.MapPost("/plain/post", () => "no gRPC");
    }

    public ScriptedEcho Echo { get; } = new();

    public HealthServiceImpl Health { get; } = new();

    /// <summary>Completes when the server is done with its first request.</summary>
    public Task FirstRequestEnded => _requestEnded.Task;

    /// <summary>Completes with what the server noted when its first call was over.</summary>
    public Task<string> FirstCallEnded => _errors.FirstCallEnded;

    public Uri Address { get; private set; } = null!;

    public Uri Http1Address { get; private set; } = null!;

    public Echo.EchoClient Client { get; private set; } = null!;

    public static async Task<EchoHost> StartAsync(bool tls, Action<GrpcServiceOptions>? configure = null)
    {
        var host = new EchoHost(tls, configure);
        await host._app.StartAsync();
        var addresses = host._app.Urls.Select(url => new Uri(url)).ToArray();
        host.Address = addresses[0];
        host.Http1Address = addresses[1];
        host.Client = new Echo.EchoClient(host.OpenChannel());
        return host;
    }

    /// <summary>Another channel with a connection of its own.</summary>
    public GrpcChannel OpenChannel(Action<GrpcChannelOptions>? configure = null)
    {
        var options = new GrpcChannelOptions { HttpHandler = CreateHandler(), DisposeHttpClient = true };
        configure?.Invoke(options);
        var channel = GrpcChannel.ForAddress(Address, options);
        _channels.Add(channel);
        return channel;
    }

    /// <summary>A handler that trusts the test's certificate and, over TLS, presents it.</summary>
    public SocketsHttpHandler CreateHandler()
    {
        var handler = new SocketsHttpHandler();
        if (!_tls) return handler;
        handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, _) =>
            presented!.GetCertHashString(HashAlgorithmName.SHA256) == Certificate.GetCertHashString(HashAlgorithmName.SHA256);
        handler.SslOptions.ClientCertificates = [Certificate];
        return handler;
    }

    /// <summary>Sends a request made by hand and reads the whole response.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        using var invoker = new HttpMessageInvoker(CreateHandler());
        var response = await invoker.SendAsync(request, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));
        await response.Content.LoadIntoBufferAsync();
        return response;
    }

    /// <summary>Takes the errors logged so far as expected.</summary>
    public IReadOnlyList<string> TakeErrors() => _errors.Take();

    /// <summary>Stops the server; calls that have not ended when this token is cancelled are cut off.</summary>
    public Task StopAsync(CancellationToken patience) => _app.StopAsync(patience);

    public async ValueTask DisposeAsync()
    {
        foreach (var channel in _channels)
            channel.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        Assert.Empty(_errors.Take());
    }

    private static X509Certificate2 CreateCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=echo", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("echo.test");
        request.CertificateExtensions.Add(names.Build());
        var now = DateTimeOffset.UtcNow;
        using var certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    private sealed class ErrorLog : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _errors = new();
        private readonly TaskCompletionSource<string> _callEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> FirstCallEnded => _callEnded.Task;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Error) _errors.Enqueue($"{formatter(state, exception)} {exception}");
            if (eventId.Name == "CallEnded") _callEnded.TrySetResult(formatter(state, exception));
        }

        public List<string> Take()
        {
            var taken = new List<string>();
            while (_errors.TryDequeue(out var error))
                taken.Add(error);
            return taken;
        }

        public void Dispose()
        {
        }
    }
}
