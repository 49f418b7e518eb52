import Contracts
import Foundation
import Testing

@testable import Scanning

@Suite("Words about refunds")
struct RefundWordTests {
    private func word(_ ticketID: TicketID, _ version: Int, isRevoked: Bool) -> RefundWord {
        RefundWord(
            organizationID: .example, occurrenceID: .example, ticketID: ticketID, orderVersion: version,
            isRevoked: isRevoked)
    }

    @Test("Of each ticket the word of the highest version counts, wherever it stands")
    func newest() {
        let (one, other) = (TicketID(UUID()), TicketID(UUID()))
        let words = [
            word(one, 2, isRevoked: true), word(other, 5, isRevoked: true), word(one, 3, isRevoked: false),
            word(one, 1, isRevoked: true), word(other, 4, isRevoked: false),
        ]
        for words in [words, words.reversed()] {
            let newest = Dictionary(uniqueKeysWithValues: words.newest.map { ($0.ticketID, $0.isRevoked) })
            #expect(newest == [one: false, other: true])
        }
        #expect([RefundWord]().newest.isEmpty)
    }
}
