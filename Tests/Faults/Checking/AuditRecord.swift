/// What the platform, its databases and the sandbox say of an operation after everything has settled.
struct AuditRecord: Codable, Sendable, Equatable {
    /// The final state of the checkout, refund or cancellation; nil when the platform does not know it.
    var state: String?
    var orderStatus: String?
    var orderTotalCents = 0
    var orderRefundedCents = 0
    var ticketIDs: [String] = []
    /// How many tickets have each status.
    var ticketStatuses: [String: Int] = [:]
    /// What the sandbox's own book says was taken for the order, each time.
    var capturedCents: [Int] = []
    /// And given back, each time.
    var givenBackCents: [Int] = []
    /// Of a cancellation: orders that were refunded, and that were not.
    var ordersTotal = 0
    var ordersRefunded = 0
}
