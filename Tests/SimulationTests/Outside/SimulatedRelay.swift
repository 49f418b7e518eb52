import Contracts
import Curl

@testable import Notifications

/// A mail relay that takes mails, takes its time, is away, or has taken a mail and cannot say so any more.
@SimulationActor
final class SimulatedRelay: MailRelay {
    private enum Mood {
        case slow, busy, away, silent
    }

    private static let moods: [(weight: Int, element: Mood)] = [(3, .slow), (3, .busy), (2, .away), (2, .silent)]

    /// The chance that a mail is not taken at once.
    var trouble: Double
    /// How often each mail was taken, by its Message-ID.
    private(set) var taken: [String: Int] = [:]
    private var random: SeededGenerator

    init(random: SeededGenerator, trouble: Double) {
        self.random = random
        self.trouble = trouble
    }

    func send(_ mail: Mail) async throws(MailSendError) {
        let mood = random.chance(trouble) ? random.pick(Self.moods) : nil
        switch mood {
        case nil: take(mail)
        case .slow:
            try await rest(random.milliseconds(in: 50...20_000))
            take(mail)
        case .busy: throw .rejected(code: 451, reply: "451 4.3.2 Try again later")
        case .away: throw .connectionFailed("nobody listens")
        case .silent:
            take(mail)
            try await rest(.seconds(30))
            throw .timedOut
        }
    }

    /// How often the tickets of an order were taken.
    func mailsOfTickets(_ orderID: OrderID) -> Int {
        taken.reduce(0) { $1.key.hasPrefix("order-\(orderID)@") ? $0 + $1.value : $0 }
    }

    private func take(_ mail: Mail) {
        taken[mail.messageID, default: 0] += 1
    }

    private func rest(_ duration: Duration) async throws(MailSendError) {
        do { try await Performance.rest(duration) } catch { throw .cancelled }
    }
}
