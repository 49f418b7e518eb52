import Contracts
import Foundation

/// A stock command of the tests' service.
struct ChangeStock: StockCommand {
    static let name = "tests.change-stock.v1"
    static let recipient = ServiceName.ticketing
    static let example = ChangeStock(occurrenceID: OccurrenceID(UUID()), number: 1)

    var occurrenceID: OccurrenceID
    var number: Int
}
