using DemoFl.Cli;

return await CommandLine.InvokeAsync(args);
