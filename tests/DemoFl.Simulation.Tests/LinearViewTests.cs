namespace DemoFl.Simulation.Tests;

public class LinearViewTests
{
    private readonly LinearView _view = new();

    [Fact]
    public void OfInputsAlone_MaskedVectors_SayNothing()
    {
        Vector("a", "a1", "a2");
        Vector("b", "b1", "b2");
        Assert.Empty(_view.OfInputsAlone());
    }

    [Fact]
    public void OfInputsAlone_EveryMaskOfOneParty_DeterminesItsInput()
    {
        Vector("a", "a1", "a2");
        Vector("b", "b1", "b2");
        _view.LearnMask("a1");
        _view.LearnMask("a2");

        var known = Assert.Single(_view.OfInputsAlone());
        Assert.Equal("a", Assert.Single(known).Key);
    }

    [Fact]
    public void OfInputsAlone_OneMaskMissing_SaysNothing()
    {
        Vector("a", "a1", "a2", "a3");
        _view.LearnMask("a1");
        _view.LearnMask("a3");
        Assert.Empty(_view.OfInputsAlone());
    }

    [Fact]
    public void OfInputsAlone_ReleasedSums_GiveTheSumAndNoMore()
    {
        foreach (string party in new[] { "a", "b", "c" })
        {
            Vector(party, party + "1", party + "2");
        }

        Sum("a1", "b1", "c1");
        Sum("a2", "b2", "c2");

        var known = Assert.Single(_view.OfInputsAlone());
        Assert.Equal(3, known.Count);
        Assert.Single(known.Values.Distinct());
    }

    [Fact]
    public void OfInputsAlone_TwoSumsThatDifferByOneParty_DetermineIt()
    {
        foreach (string party in new[] { "a", "b", "c" })
        {
            Vector(party, party + "1");
        }

        Sum("a1", "b1", "c1");
        Sum("a1", "b1");

        Assert.Contains(_view.OfInputsAlone(), k => k.Count == 1 && k.ContainsKey("c"));
    }

    [Fact]
    public void OfInputsAlone_AgainstEveryAnswerOfASmallOracle_Agrees()
    {
        // Two parties, two masks each: known masks decide, and the oracle is to say it in words.
        for (int known = 0; known < 16; known++)
        {
            var view = new LinearView();
            string[] masks = ["a1", "a2", "b1", "b2"];
            view.Learn([("a", 1)], [("a1", -1), ("a2", -1)]);
            view.Learn([("b", 1)], [("b1", -1), ("b2", -1)]);
            for (int i = 0; i < masks.Length; i++)
            {
                if ((known >> i & 1) == 1)
                {
                    view.LearnMask(masks[i]);
                }
            }

            var alone = view.OfInputsAlone();
            Assert.Equal((known & 3) == 3, alone.Exists(k => k.Count == 1 && k.ContainsKey("a")));
            Assert.Equal((known & 12) == 12, alone.Exists(k => k.Count == 1 && k.ContainsKey("b")));
        }
    }

    private void Vector(string party, params string[] masks) => _view.Learn([(party, 1)], masks.Select(m => ((object)m, -1)));

    private void Sum(params string[] masks) => _view.Learn([], masks.Select(m => ((object)m, 1)));
}
