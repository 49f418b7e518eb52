/// What all clients have done and been told so far.
actor History {
    private var records: [Int: OperationRecord] = [:]
    private var completions: [RecoveryMeasure.Completion] = []
    private var visitors: [SoldOrder] = []
    private var refundable: [SoldOrder] = []

    /// An order that a client has bought and something may still be done with.
    struct SoldOrder: Sendable {
        var orderID: String
        var codes: [String]
        var totalCents: Int
    }

    func begin(_ record: OperationRecord) {
        records[record.id] = record
    }

    func change(_ id: Int, _ body: @Sendable (inout OperationRecord) -> Void) {
        guard var record = records[id] else { return }
        body(&record)
        records[id] = record
    }

    /// The operation has not taken place.
    func forget(_ id: Int) {
        records[id] = nil
    }

    /// A checkout whose payment succeeds at once is done.
    func completed(begunAt: Double, at time: Double) {
        completions.append(.init(begunAt: begunAt, completedAt: time))
    }

    /// An order is there for another client: for a visitor or for a refund, in turns.
    func offer(_ order: SoldOrder) {
        if visitors.count <= refundable.count { visitors.append(order) } else { refundable.append(order) }
    }

    func takeForVisit() -> SoldOrder? { visitors.isEmpty ? nil : visitors.removeFirst() }
    func takeForRefund() -> SoldOrder? { refundable.isEmpty ? nil : refundable.removeFirst() }

    var all: [OperationRecord] { records.values.sorted { $0.id < $1.id } }
    var allCompletions: [RecoveryMeasure.Completion] { completions }
}
