import Contracts
import Messaging
import Postgres

/// Answers what occurrences have left, from the pools themselves.
struct GetAvailabilityHandler: RequestHandler {
    static let isReadOnly = true

    func answer(
        _ requests: [Received<GetAvailability>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Answer<Availability>] {
        guard let organizationID = try requests.first?.organizationID else { return [] }
        let reader = AvailabilityReader(transaction: transaction, organizationID: organizationID)
        let available = try reader.availability(Array(Set(requests.map(\.body.occurrenceID))), at: moment.now)
        return requests.map { request in
            guard let answer = available[request.body.occurrenceID] else {
                return Answer(refusing: .notFound("occurrence"))
            }
            return Answer(answer)
        }
    }
}
