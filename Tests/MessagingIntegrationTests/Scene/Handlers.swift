import Contracts
import Foundation
import Messaging
import Postgres

/// Why a test's handler fails.
struct HandlingFailure: Error {
    let label: String
}

/// Writes each message down without any regard to earlier ones, so that an effect that happens twice is seen twice.
struct OrderNotedHandler: MessageHandler {
    let process: String
    let witness: Witness<String>

    func isConcerned(by message: Received<OrderNoted>) -> Bool { message.body.fate != .ignore }

    func handle(
        _ messages: [Received<OrderNoted>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        for message in messages { witness.append(message.body.label) }
        if let failing = messages.first(where: { $0.body.fate == .fail }) {
            throw HandlingFailure(label: failing.body.label)
        }
        try EffectTable.insert(
            messages.map { (id: $0.envelope.id, label: $0.body.label) }, process: process, in: transaction)
        return messages.map { message in
            let label = message.body.label
            switch message.body.fate {
            case .handle, .fail, .ignore: return .none
            case .refuse: return [OrderRefused(label: label)]
            case .cause: return [OrderFollowed(label: "\(label)-1"), OrderFollowed(label: "\(label)-2")]
            case .start: return Effects(jobs: [NewJob(CallOutside.self, CallOutside.Payload(label: label))])
            }
        }
    }
}

struct NoteOrderHandler: SingleMessageHandler {
    let process: String

    func handle(
        _ message: Received<NoteOrder>, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Effects {
        try EffectTable.insert(
            [(id: message.envelope.id, label: message.body.label)], process: process, in: transaction)
        return .none
    }
}

struct ChangeStockHandler: MessageHandler {
    let process: String

    func handle(
        _ messages: [Received<ChangeStock>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        try EffectTable.insert(
            messages.map { (id: $0.envelope.id, label: "\($0.body.occurrenceID)/\($0.body.number)") }, process: process,
            in: transaction)
        return messages.map { _ in .none }
    }
}

/// Takes requests in batches; a problem thrown for one is thrown for the batch.
struct WriteNoteHandler: RequestHandler {
    let witness: Witness<[String]>

    func answer(
        _ requests: [Received<WriteNote>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Answer<WriteNote.Reply>] {
        witness.append(requests.map(\.body.note))
        return try requests.map { request in
            let organizationID = try request.organizationID
            try transaction.execute(
                "INSERT INTO notes (organization_id, note) VALUES (\(organizationID), \(request.body.note))")
            guard !request.body.isRefused else { throw Problem(.conflict, request.body.note) }
            // No organisation in the query: the policy has to do all of it.
            let notes = try transaction.query("SELECT note FROM notes ORDER BY note").decode(String.self)
            let role = try transaction.query("SELECT current_user::text").decodeOne(String.self)
            return Answer(
                WriteNote.Reply(notes: notes, role: role), causing: [OrderFollowed(label: request.body.note)])
        }
    }
}
