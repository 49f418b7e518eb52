/// Where the sagas of one kind are kept. The names are constants of this code, never input.
struct SagaTables: Sendable {
    /// One row a saga: `id`, `organization_id`, `saga`, and what queries and checks need.
    let sagas: String
    let history: String
    let timers: String
    /// The column of the history and of the timers that points at the saga.
    let reference: String

    static let checkouts = SagaTables(
        sagas: "checkouts", history: "checkout_history", timers: "checkout_timers", reference: "checkout_id")
    static let refunds = SagaTables(
        sagas: "refunds", history: "refund_history", timers: "refund_timers", reference: "refund_id")
    static let cancellations = SagaTables(
        sagas: "cancellations", history: "cancellation_history", timers: "cancellation_timers",
        reference: "occurrence_id")
}
