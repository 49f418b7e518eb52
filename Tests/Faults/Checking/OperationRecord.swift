/// Everything a campaign knows of one operation: what a client wanted, what it was told, and what was found afterwards.
struct OperationRecord: Codable, Sendable, Equatable {
    var id: Int
    var kind: OperationKind
    /// The payment token of a checkout.
    var token: String?
    /// How many tickets are wanted, at which price each.
    var quantity = 1
    var priceCents = 0
    /// Whether the occurrence it is for is cancelled during the campaign.
    var isForCanceledOccurrence = false
    /// When it was to begin and when it was over, in seconds after the load began. Over means settled, refused or given
    /// up.
    var intendedAt: Double
    var endedAt: Double?
    var answers: [Answer] = []

    /// The ids that were answered to the creating request, which is always sent under one key.
    var ids: [String] = []
    /// Whether the platform took it on (200 or 202).
    var isAccepted = false
    /// The problem with which the platform refused it.
    var refusal: String?
    /// The settled states that a client saw, in their order, repetitions left out.
    var states: [String] = []
    var orderID: String?
    var scans: [ScanRecord] = []
    /// Of a refund: the order's money that was given back.
    var refundCents: Int?
    /// What was found of it in the end.
    var audit: AuditRecord?

    /// The address of its buyer, which no other operation uses.
    var email: String { "buyer\(id)@example.org" }
}
