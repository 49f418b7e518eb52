import Contracts
import Foundation
import Postgres

/// A saga with its tables.
protocol StoredSaga: Saga {
    static var tables: SagaTables { get }

    /// What others hear when readers see something new.
    var news: [any Contracts.Event] { get }

    /// Adds new sagas and returns the ids of those that were not there.
    static func insertQuery(_ sagas: [Self]) -> PostgresQuery

    /// Writes back sagas that are locked.
    static func updateQuery(_ sagas: [Self], at now: Timestamp) -> PostgresQuery
}
