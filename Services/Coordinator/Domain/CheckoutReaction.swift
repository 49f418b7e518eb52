import Contracts

/// What an event meant to a checkout, and what follows from it.
struct CheckoutReaction: Sendable, Equatable {
    enum Outcome: Sendable, Equatable {
        /// What readers see of the checkout changed: its version grew.
        case changed
        /// Readers see the same checkout, but the event matters and belongs into the history.
        case noted
        /// Heard before, or too late to matter. Nothing follows and nothing is kept.
        case duplicate
        /// It cannot happen in this state. It is kept in the history and counted, and nothing follows.
        case unexpected
        /// The buyer may not do this now. Nothing follows and nothing is kept.
        case refused(Problem)
    }

    let outcome: Outcome
    let commands: [CheckoutCommand]
    let timers: [CheckoutTimer]

    private init(_ outcome: Outcome, _ commands: [CheckoutCommand] = [], timers: [CheckoutTimer] = []) {
        self.outcome = outcome
        self.commands = commands
        self.timers = timers
    }

    static func changed(_ commands: CheckoutCommand..., timers: [CheckoutTimer] = []) -> CheckoutReaction {
        CheckoutReaction(.changed, commands, timers: timers)
    }

    static func noted(_ commands: CheckoutCommand...) -> CheckoutReaction {
        CheckoutReaction(.noted, commands)
    }

    static let duplicate = CheckoutReaction(.duplicate)
    static let unexpected = CheckoutReaction(.unexpected)

    static func refused(_ slug: Problem.Slug, _ detail: String) -> CheckoutReaction {
        CheckoutReaction(.refused(Problem(slug, detail)))
    }
}
