namespace DemoFl.Cli.Doctor;

/// <summary>What a finding means for running DemoFl here.</summary>
internal enum Verdict
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>It works, but slower, or something optional is missing.</summary>
    Warn,

    /// <summary>Runs will not work.</summary>
    Fail,
}
