namespace DemoFl.Mutation;

/// <summary>What is to catch a mutant.</summary>
internal enum Simulator
{
    /// <summary>Whole federations, with a server.</summary>
    Federations = 1,

    /// <summary>Institutions that agree without one.</summary>
    Institutions = 2,
}
