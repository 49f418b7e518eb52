import Contracts
import Curl
import Foundation
import Messaging
import Postgres

/// Mails a letter. A crash after sending makes it send again, under the same Message-ID.
struct MailLetterJob: JobPerformer {
    struct Payload: Codable, Sendable, Equatable {
        let notificationID: UUID

        enum CodingKeys: String, CodingKey {
            case notificationID = "notification_id"
        }
    }

    enum Outcome: Sendable, Equatable {
        /// The letter has ended before; nothing was sent.
        case ended
        case tried(MailAttempt)
    }

    static let kind = "mail-letter"

    let database: PostgresClient
    let composer: MailComposer
    let relay: any MailRelay
    /// How many mails are on their way at once.
    let concurrency: Int

    /// Well above the relay's own limit of 30 seconds.
    var lease: Duration { .seconds(120) }

    func perform(_ job: Job<Payload>) async throws -> Outcome {
        let id = job.payload.notificationID
        let stored = try await database.withTransaction(readOnly: true) { transaction in
            try LetterStore(transaction: transaction).findPending(id)
        }
        guard let stored else { return .ended }
        let start = ContinuousClock.now
        let result: MailAttempt.Result
        do {
            try await relay.send(
                composer.letter(
                    stored.letter, id: id, to: stored.recipient, template: stored.template, at: job.startedAt))
            result = .sent
        } catch {
            result = error.isPermanent ? .failed(error.description) : .postponed(error.description)
        }
        let duration = Int((ContinuousClock.now - start).milliseconds)
        return .tried(MailAttempt(attemptedAt: job.startedAt, durationMilliseconds: duration, result: result))
    }

    func record(
        _ performed: [Performed<Payload, Outcome>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        let store = NotificationStore(transaction: transaction)
        var pending = try store.lockPending(performed.map(\.job.payload.notificationID))
        var recording = MailRecording()
        let effects = performed.map { item -> Effects in
            guard case .tried(let attempt) = item.outcome,
                let letter = pending.removeValue(forKey: item.job.payload.notificationID),
                let next = recording.take(attempt, at: letter, now: moment.now)
            else { return .none }
            return Effects(jobs: [NewJob(Self.self, item.job.payload, dueAt: next)])
        }
        try store.record(recording.steps, at: moment.now)
        return effects
    }
}
