using DemoFl.Simulation;

return SimulateCommand.Create().Parse(args).Invoke();
