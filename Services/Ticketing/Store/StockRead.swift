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

    /// - Parameter queries: what else to read, after the locks.
    init(
        _ occurrenceIDs: [OccurrenceID], orders orderIDs: [OrderID], further queries: [PostgresQuery],
        in transaction: PostgresTransaction
    ) throws {
        let results = try transaction.pipeline(
            [PoolStore.lockQuery(occurrenceIDs)] + OrderQueries.queries(orderIDs) + queries)
        ledger = try PoolStore.ledger(results[0])
        orders = try OrderQueries.orders(results[1..<4])
        further = Array(results[4...])
    }
}
