using DemoFl.Protocol;
using Google.Protobuf;

namespace DemoFl.Wire.Tests;

/// <summary>What a server may not send, whatever its signature: each refusal names the field.</summary>
public class ServerFrameBoundsTests
{
    private static readonly ByteString Short = ByteString.CopyFrom(new byte[31]);
    private static readonly ByteString Large = ByteString.CopyFrom(new byte[WireLimits.MaxCredentialBytes + 1]);
    private static readonly string LongText = new('x', WireLimits.MaxText + 1);

    public static TheoryData<string, V1.ServerFrame> Frames
    {
        get
        {
            var data = new TheoryData<string, V1.ServerFrame>();
            void Add<T>(string name, Action<V1.ServerFrame> alter)
                where T : ServerMessage
            {
                var frame = Samples.Frame<T>();
                alter(frame);
                data.Add(name, frame);
            }

            Add<ServerMessage.ElectionOpened>("election_opened.window_ms", f => f.ElectionOpened.WindowMs = 86_400_001);
            Add<ServerMessage.ElectionOpened>("election_opened.seats", f => f.ElectionOpened.Seats = WireLimits.MaxSlots + 1);
            Add<ServerMessage.LeadersAnnounced>("leader_set.run", f => f.LeadersAnnounced.Leaders.Run = Short);
            Add<ServerMessage.LeadersAnnounced>("seat.holder", f => f.LeadersAnnounced.Leaders.Seats[0].Holder = Short);
            Add<ServerMessage.LeadersAnnounced>("seat.incarnation", f => f.LeadersAnnounced.Leaders.Seats[0].Incarnation = ByteString.Empty);
            Add<ServerMessage.LeadersAnnounced>("seat.slot", f => f.LeadersAnnounced.Leaders.Seats[0].Slot = WireLimits.MaxSlots);
            Add<ServerMessage.LeadersAnnounced>("leader_set:", f => f.LeadersAnnounced.Leaders.Seats[0].Slot = 1);
            Add<ServerMessage.LeadersAnnounced>("leader_set:", f => f.LeadersAnnounced.Leaders.Seats[0].Holder = f.LeadersAnnounced.Leaders.Seats[1].Holder);
            Add<ServerMessage.LeadersAnnounced>("leader_set.seats", f => Fill(f.LeadersAnnounced.Leaders.Seats, WireLimits.MaxSlots + 1));
            Add<ServerMessage.OffersPublished>("offers", f => Fill(f.OffersPublished.Offers, WireLimits.MaxSlots + 1));
            Add<ServerMessage.OffersPublished>("credentials", f => f.OffersPublished.Offers[0].Signer = null);
            Add<ServerMessage.OffersPublished>("credentials.name", f => f.OffersPublished.Offers[0].Signer.Name = LongText);
            Add<ServerMessage.OffersPublished>("credentials.public_key", f => f.OffersPublished.Offers[0].Signer.PublicKey = Large);
            Add<ServerMessage.OffersPublished>("credentials.certificate", f => f.OffersPublished.Offers[0].Signer.Certificate = Large);
            Add<ServerMessage.OffersPublished>("key_offer.public_key", f => f.OffersPublished.Offers[0].PublicKey = Large);
            Add<ServerMessage.OffersPublished>("key_offer.signature", f => f.OffersPublished.Offers[1].Signature = Large);
            Add<ServerMessage.OffersPublished>("key_offer.holder", f => f.OffersPublished.Offers[1].Holder = Short);
            Add<ServerMessage.OffersPublished>("key_offer.slot", f => f.OffersPublished.Offers[1].Slot = uint.MaxValue);
            Add<ServerMessage.Paused>("paused.lost_slot", f => f.Paused.LostSlot = WireLimits.MaxSlots);
            Add<ServerMessage.SlotOffered>("slot_offered.leaders", f => f.SlotOffered.Leaders = null);
            Add<ServerMessage.SlotOffered>("slot_offered.round", f => f.SlotOffered.Round = ulong.MaxValue);
            Add<ServerMessage.SlotOffered>("seat.holder", f => f.SlotOffered.Leaders.Seats[0].Holder = Short);
            Add<ServerMessage.ReplacementAsked>("replacement_asked.leaders", f => f.ReplacementAsked.Leaders = null);
            Add<ServerMessage.ReplacementAsked>("replacement_asked.offer", f => f.ReplacementAsked.Offer = null);
            Add<ServerMessage.ReplacementAsked>("key_offer.signature", f => f.ReplacementAsked.Offer.Signature = Large);
            Add<ServerMessage.Replaced>("replaced.leaders", f => f.Replaced.Leaders = null);
            Add<ServerMessage.Replaced>("replaced.offer", f => f.Replaced.Offer = null);
            Add<ServerMessage.Replaced>("key_offer.public_key", f => f.Replaced.Offer.PublicKey = Large);
            Add<ServerMessage.Replaced>("replaced.agreements", f => Fill(f.Replaced.Agreements, WireLimits.MaxSlots + 1));
            Add<ServerMessage.Replaced>("signed_replacement.signature", f => f.Replaced.Agreements[1].Signature = Large);
            Add<ServerMessage.HoldingsAsked>("attempt", f => f.HoldingsAsked.Attempt = uint.MaxValue);
            Add<ServerMessage.HoldingsAsked>("uploaded", f => f.HoldingsAsked.Uploaded.Add(f.HoldingsAsked.Uploaded[0]));
            Add<ServerMessage.HoldingsAsked>("contribution.nonce_hash", f => f.HoldingsAsked.Uploaded[0].NonceHash = Short);
            Add<ServerMessage.IntersectionProposed>("contribution.party", f => f.IntersectionProposed.Intersection[0].Party = Short);
            Add<ServerMessage.IntersectionProposed>("intersection", f => Fill(f.IntersectionProposed.Intersection, WireLimits.MaxParties + 1));
            Add<ServerMessage.ReleaseAsked>("attempt", f => f.ReleaseAsked.Attempt = 1_000_001);
            Add<ServerMessage.RoundCommitted>("model_hash", f => f.RoundCommitted.ModelHash = Short);
            Add<ServerMessage.RoundCommitted>("parties", f => f.RoundCommitted.Parties = WireLimits.MaxParties + 1);
            Add<ServerMessage.RoundCommitted>("round_committed.parties", f => f.RoundCommitted.Parties = 0);
            Add<ServerMessage.LeadersAnnounced>("leaders_announced.next_round", f => f.LeadersAnnounced.NextRound = ulong.MaxValue);
            Add<ServerMessage.OffersPublished>("key_offer.first_round", f => f.OffersPublished.Offers[0].FirstRound = 1UL << 63);
            Add<ServerMessage.RoundCommitted>("totals", f => f.RoundCommitted.Totals = null);
            Add<ServerMessage.RoundCommitted>("totals.loss_sum", f => f.RoundCommitted.Totals.LossSum = double.NaN);
            Add<ServerMessage.RoundAborted>("reason", f => f.RoundAborted.Reason = LongText);
            Add<ServerMessage.RunFinished>("reason", f => f.RunFinished.Reason = LongText);
            return data;
        }
    }

    public static TheoryData<string, V1.ServerFrame> Specs
    {
        get
        {
            var data = new TheoryData<string, V1.ServerFrame>();
            void Add(string name, Action<V1.RoundSpec> alter)
            {
                var frame = Samples.Frame<ServerMessage.RoundOpened>();
                alter(frame.RoundOpened);
                data.Add(name, frame);
            }

            Add("round_spec.run", s => s.Run = Short);
            Add("round_spec.round", s => s.Round = ulong.MaxValue);
            Add("encoding.ring_bits", s => s.Encoding.RingBits = 8);
            Add("encoding.min_clip", s => s.Encoding.MinClip = 1e-9);
            Add("encoding.max_clip", s => s.Encoding.MaxClip = s.Encoding.MinClip / 2);
            Add("encoding.clip", s => s.Encoding.Clip = s.Encoding.MaxClip * 2);
            Add("encoding.max_sample_count", s => s.Encoding.MaxSampleCount = 0);
            Add("round_spec.model_hash", s => s.ModelHash = Short);
            Add("round_spec.layout", s => s.Layout = V1.Layout.Unspecified);
            Add("round_spec.layout", s => s.Layout = (V1.Layout)99);
            Add("round_spec.encoding", s => s.Encoding = null);
            Add("round_spec.training", s => s.Training = null);
            Add("round_spec.participants", s => s.Participants[0] = Short);
            Add("round_spec.participants", s => Fill(s.Participants, WireLimits.MaxParties + 1));
            Add("round_spec.k_min", s => s.KMin = uint.MaxValue);
            Add("round_spec.upload_deadline_ms", s => s.UploadDeadlineMs = ulong.MaxValue);
            Add("round_spec.close_deadline_ms", s => s.CloseDeadlineMs = 86_400_001);
            Add("encoding.ring_bits", s => s.Encoding.RingBits = 65);
            Add("encoding.clip", s => s.Encoding.Clip = double.NaN);
            Add("encoding.min_clip", s => s.Encoding.MinClip = double.NegativeInfinity);
            Add("encoding.max_clip", s => s.Encoding.MaxClip = double.PositiveInfinity);
            Add("encoding.loss_fraction_bits", s => s.Encoding.LossFractionBits = 33);
            Add("training.model", s => s.Training.Model = LongText);
            Add("training.dimension", s => s.Training.Dimension = uint.MaxValue);
            Add("training.epochs", s => s.Training.Epochs = uint.MaxValue);
            Add("training.batch_size", s => s.Training.BatchSize = uint.MaxValue);
            Add("training.learning_rate", s => s.Training.LearningRate = double.NaN);
            Add("training.momentum", s => s.Training.Momentum = double.PositiveInfinity);
            Add("training.weight_decay", s => s.Training.WeightDecay = double.NaN);
            Add("training.proximal", s => s.Training.Proximal = -1);
            Add("training.proximal", s => s.Training.Proximal = double.NaN);
            Add("training.stage", s => s.Training.Stage = (V1.TrainingStage)3);
            Add("encoding.max_clip", s => s.Encoding.MaxClip = StatisticsEncoding.MeansClip * 2);
            Add("encoding.max_clip", s => (s.Training.Stage, s.Encoding.MaxClip) = (V1.TrainingStage.Training, 2048));
            Add("server_step.method", s => s.Training.Server.Method = (V1.ServerMethod)4);
            Add("server_step.learning_rate", s => s.Training.Server.LearningRate = double.PositiveInfinity);
            Add("server_step.beta1", s => s.Training.Server.Beta1 = 1.5);
            Add("server_step.beta2", s => s.Training.Server.Beta2 = double.NaN);
            Add("server_step.tau", s => s.Training.Server.Tau = -1e-3);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Frames))]
    [MemberData(nameof(Specs))]
    public void FromWire_FieldOutOfBounds_IsRefusedByName(string field, V1.ServerFrame frame) => Assert.Contains(
        field, Assert.Throws<WireFormatException>(() => ServerFrames.FromWire(frame, Samples.Run, (_, _, _) => true)).Message, StringComparison.Ordinal);

    [Fact]
    public void FromWire_FrameOfTheJoin_HasNoPlaceHere()
    {
        foreach (var frame in (V1.ServerFrame[])[new() { Challenge = new V1.JoinChallenge() }, new() { Accepted = new V1.JoinAccepted() }, new()])
        {
            Assert.Contains("no place", Assert.Throws<WireFormatException>(() => ServerFrames.FromWire(frame, Samples.Run, (_, _, _) => true)).Message, StringComparison.Ordinal);
        }
    }

    private static void Fill<T>(Google.Protobuf.Collections.RepeatedField<T> list, int count)
    {
        while (list.Count < count)
        {
            list.Add(list[0]);
        }
    }
}
