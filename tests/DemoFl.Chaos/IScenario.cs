namespace DemoFl.Chaos;

/// <summary>Something that is done to a federation of real processes, and what must come of it.</summary>
internal interface IScenario
{
    /// <summary>As the command line and the script know it.</summary>
    string Name { get; }

    /// <summary>What it does, in one sentence.</summary>
    string Did { get; }

    /// <summary>What should happen, in one sentence.</summary>
    string Expected { get; }

    /// <summary>Does it and looks at what happens. Leaves no process, namespace, mount or file behind, however it ends.</summary>
    /// <param name="workshop">Where it works.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="ChaosException">It could not be carried out, or what it waited for did not come: the scenario failed.</exception>
    Task<IReadOnlyList<ChaosResult>> RunAsync(Workshop workshop, CancellationToken cancellation);
}
