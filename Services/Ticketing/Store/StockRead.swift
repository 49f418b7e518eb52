import Contracts
import Messaging
import Postgres

/// Locks and reads, in one round trip, what a batch of stock commands decides about. The locks come first: what is read
/// then stays true until the transaction's end.
struct StockRead {
    let ledger: InventoryLedger
    let orders: [OrderID: KnownOrder]
    /// The rows of the further queries.
    let further: [PostgresRows]

    /// Every row here is found by an index. A plan that was made, and kept, while a table had a page or two would read
    /// it from end to end for each row and each foreign key of a batch, until the next ANALYZE: minutes of a rush.
    static let planByIndex: PostgresQuery =
        "SELECT set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)"

    /// - Parameter queries: what else to read, after the locks.
    init(
        _ occurrenceIDs: [OccurrenceID], orders orderIDs: [OrderID], further queries: [PostgresQuery],
        in transaction: PostgresTransaction
    ) throws {
        let results = try transaction.pipeline(
            [Self.planByIndex, PoolStore.lockQuery(occurrenceIDs)] + OrderQueries.queries(orderIDs) + queries)
        ledger = try PoolStore.ledger(results[1])
        orders = try OrderQueries.orders(results[2..<5])
        further = Array(results[5...])
    }
}
