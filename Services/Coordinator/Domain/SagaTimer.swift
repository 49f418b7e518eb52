import Contracts

/// A durable timer that a saga asks for. It is never cancelled: when it fires too late to matter, it is ignored. A saga
/// has one of each kind; asked for again, it moves.
struct SagaTimer: Sendable, Equatable {
    /// What the time stands for. The raw value is the column `kind` of the timers.
    enum Kind: String, Sendable, CaseIterable {
        /// The hold's time is over.
        case holdEnd = "hold_end"
        /// An answer should have come by now.
        case answerDue = "answer_due"
        /// A cancellation has more to do, or to look after.
        case step

        /// What the history calls the timer's firing.
        var eventName: String {
            switch self {
            case .holdEnd: "coordinator.hold-ended"
            case .answerDue: "coordinator.answer-due"
            case .step: "coordinator.step-due"
            }
        }
    }

    let kind: Kind
    let dueAt: Timestamp
}
