import Contracts

/// What an event meant to a saga, and what follows from it.
struct SagaReaction<Command: Sendable & Equatable>: Sendable, Equatable {
    enum Outcome: Sendable, Equatable {
        /// What readers see of the saga changed: its version grew.
        case changed
        /// Readers see the same saga, but the event matters and belongs into the history.
        case noted
        /// Heard before, or too late to matter. Nothing follows and nothing is kept.
        case duplicate
        /// It cannot happen in this state. It is kept in the history and counted.
        case unexpected
        /// The buyer may not do this now. Nothing follows and nothing is kept.
        case refused(Problem)
    }

    let outcome: Outcome
    let commands: [Command]
    let timers: [SagaTimer]
    /// What an operator must see from now on.
    private(set) var incident: Incident?
    /// Whether the saga has moved on, so that its open incidents are over.
    private(set) var resolvesIncidents = false

    private init(_ outcome: Outcome, _ commands: [Command] = [], timers: [SagaTimer] = []) {
        self.outcome = outcome
        self.commands = commands
        self.timers = timers
    }

    static func changed(_ commands: Command..., timers: [SagaTimer] = []) -> Self {
        Self(.changed, commands, timers: timers)
    }

    static func changed(_ commands: [Command], timers: [SagaTimer] = []) -> Self {
        Self(.changed, commands, timers: timers)
    }

    static func noted(_ commands: Command..., timers: [SagaTimer] = []) -> Self {
        Self(.noted, commands, timers: timers)
    }

    static func noted(_ commands: [Command], timers: [SagaTimer] = []) -> Self {
        Self(.noted, commands, timers: timers)
    }

    static var duplicate: Self { Self(.duplicate) }
    static var unexpected: Self { Self(.unexpected) }

    static func refused(_ slug: Problem.Slug, _ detail: String) -> Self {
        Self(.refused(Problem(slug, detail)))
    }

    func raising(_ kind: Incident.Kind, _ detail: String) -> Self {
        var reaction = self
        reaction.incident = Incident(kind: kind, detail: detail)
        return reaction
    }

    func resolvingIncidents() -> Self {
        var reaction = self
        reaction.resolvesIncidents = true
        return reaction
    }
}

typealias CheckoutReaction = SagaReaction<CheckoutCommand>
typealias RefundReaction = SagaReaction<RefundCommand>
typealias CancellationReaction = SagaReaction<CancellationCommand>
