using DemoFl.Figures;

// No limit on stopping: a run that is interrupted closes its round and its processes first.
return await FigureCommand.Create().Parse(args).InvokeAsync(new() { ProcessTerminationTimeout = null });
