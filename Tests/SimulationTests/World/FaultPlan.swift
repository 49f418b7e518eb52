import Contracts

/// Which faults a run has, and how often: drawn from its seed. Some runs have none of a kind, so that one kind cannot
/// hide what another would show.
struct FaultPlan: Sendable {
    var broker = BrokerModel.Faults.none
    /// The chance that a commit of a step fails in some way.
    var commit = 0.0
    /// The chance that a process dies between two of its steps.
    var death = 0.0
    /// The chance that the answer to a request is lost.
    var lostReply = 0.0
    /// The chance that the mail relay or a webhook endpoint does not do at once what it should.
    var outside = 0.0
    /// How long it is from one freeze, disconnection or kill to the next, in milliseconds; nil for never.
    var mischief: ClosedRange<Int>?

    /// What every run comes to in the end: nothing fails any more, and everything has to settle.
    static let none = FaultPlan()

    static func draw(_ random: inout SeededGenerator) -> FaultPlan {
        var plan = FaultPlan()
        if random.chance(0.7) { plan.broker.delay = 1...random.number(in: 20...400) }
        if random.chance(0.6) { plan.broker.slow = 0.05 }
        if random.chance(0.6) { plan.broker.duplicate = random.chance(0.2) ? 0.3 : 0.04 }
        if random.chance(0.6) { plan.broker.unconfirmed = 0.03 }
        if random.chance(0.7) { plan.commit = random.chance(0.2) ? 0.08 : 0.02 }
        if random.chance(0.6) { plan.death = random.chance(0.2) ? 0.03 : 0.007 }
        if random.chance(0.5) { plan.lostReply = 0.05 }
        if random.chance(0.6) { plan.mischief = 500...random.number(in: 3000...20_000) }
        if random.chance(0.6) { plan.outside = random.chance(0.3) ? 0.6 : 0.15 }
        return plan
    }
}
