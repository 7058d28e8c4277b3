namespace DemoFl.Simulation;

/// <summary>What a node does beside its loop: training, masking, sending vectors and sums.</summary>
internal sealed class NodeWork(NodeHost host, Federation federation, PairChannels channels, SplitMix64 randomness, Link uploads)
{
    private static readonly TimeSpan LongestTraining = TimeSpan.FromMilliseconds(800);

    public Link Uploads => uploads;

    public NodeVectors Vectors { get; } = new(channels);

    public void Do(NodeEffect effect)
    {
        switch (effect)
        {
            case NodeEffect.OpenRound m:
                Vectors.Join(m.Spec);
                break;
            case NodeEffect.PrepareUpdate m:
                Train(m.Spec);
                break;
            case NodeEffect.HoldMask m:
                Vectors.HoldMask(m);
                break;
            case NodeEffect.SubmitVector m:
                Submit(m);
                break;
            case NodeEffect.Reseal m:
                Reseal(m);
                break;
            case NodeEffect.ReleaseSum m:
                Release(m);
                break;
            case NodeEffect.CloseRound m:
                Vectors.Forget(m.Round);
                channels.CloseRound();
                break;
        }
    }

    private void Train(RoundSpec spec)
    {
        var prompt = TimeSpan.FromMilliseconds(10) + randomness.UpTo(LongestTraining);
        var habit = host.Resident.Habit;
        if (habit == Habit.Failing || !federation.Serves(spec.ModelHash))
        {
            host.After(prompt, () => host.Step(new NodeInput.UpdateFailed(spec.Round, "the trainer failed")));
        }
        else if (habit is Habit.Diligent or Habit.Late)
        {
            uint[] update = Ring.Draw(randomness);
            var nonce = new Nonce(randomness.Next256());
            Vectors.Prepare(spec.Round, update);
            federation.Promises.OnTrained(host, spec, update, nonce);
            host.After(
                habit == Habit.Late ? (2 * spec.UploadDeadline) + prompt : prompt, () => host.Step(new NodeInput.UpdatePrepared(spec.Round, nonce)));
        }
    }

    private void Submit(NodeEffect.SubmitVector submit)
    {
        var (server, round) = (federation.Server, submit.Spec.Round);
        if (Vectors.Masked(submit) is not var (words, masks))
        {
            host.Step(new NodeInput.UpdateFailed(round, "the channels to the leaders are gone"));
            return;
        }

        federation.Promises.OnSubmitted(host, submit, masks);
        if (submit.Spec.Layout == Layout.Rotating)
        {
            var keeper = VectorKeeper.Of(submit.Nonce, submit.Leaders!.Seats.Length);
            host.Send(keeper, null, new SealedContent.Vector(round, words));
            host.After(TimeSpan.Zero, () => host.Step(channels.ToHolder(keeper) is null
                ? new NodeInput.UpdateFailed(round, "there is no channel to the leader that keeps the vector", Undelivered: true)
                : new NodeInput.VectorSubmitted(round)));
            return;
        }

        long life = server.Life;
        uploads.Send(() =>
        {
            if (server.Life == life && host.Control is not null)
            {
                server.ReceiveVector(host.Resident.Id, round, submit.Nonce.Hash, words);
                host.Deliver(() => host.Step(new NodeInput.VectorSubmitted(round)));
            }
        });
    }

    private void Reseal(NodeEffect.Reseal reseal)
    {
        if (!Vectors.HasUpdate(reseal.Spec.Round) || !Vectors.TrySeed(reseal.Spec, reseal.Announced, reseal.Slot, reseal.Nonce, out var mask))
        {
            host.Step(new NodeInput.UpdateFailed(reseal.Spec.Round, "the channel to the lost leader is gone"));
            return;
        }

        host.Send(reseal.Slot, null, new SealedContent.Seed(reseal.Spec.Round, reseal.Nonce, mask));
        if (reseal.Vector && Vectors.Masked(reseal.Spec, reseal.Announced, reseal.Nonce) is var (words, _))
        {
            host.Send(reseal.Slot, null, new SealedContent.Vector(reseal.Spec.Round, words));
        }
    }

    private void Release(NodeEffect.ReleaseSum release)
    {
        var (sum, of) = Vectors.Sum(release);
        federation.Promises.OnReleased(host, release, of);
        var server = federation.Server;
        long life = server.Life;
        uploads.Send(() =>
        {
            if (server.Life == life && host.Control is not null)
            {
                server.ReceiveSum(host.Resident.Id, release.Spec.Round, release.Attempt, sum);
            }
        });
    }
}
