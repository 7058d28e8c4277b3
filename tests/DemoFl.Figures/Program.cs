using DemoFl.Figures;

return await FigureCommand.Create().Parse(args).InvokeAsync();
