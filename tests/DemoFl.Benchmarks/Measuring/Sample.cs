namespace DemoFl.Benchmarks.Measuring;

/// <summary>One repetition: wall seconds, and CPU seconds of all processes that took part.</summary>
internal readonly record struct Sample(double Seconds, double CpuSeconds);
