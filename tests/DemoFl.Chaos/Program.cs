using DemoFl.Chaos;

// No limit on stopping: a scenario that is interrupted ends its processes first, and removes what it made.
return await ChaosCommand.Create().Parse(args).InvokeAsync(new() { ProcessTerminationTimeout = null });
