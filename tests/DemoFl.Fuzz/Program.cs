using DemoFl.Fuzz;

return FuzzCommand.Create().Parse(args).Invoke();
