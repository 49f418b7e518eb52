import Contracts
import Foundation
import Messaging
import Postgres
import TestSupport
import Testing
import TicketCode

@testable import Scanning

@Suite("The codes that came with orders")
struct IssuedCodeTests {
    /// Another key than the scene's, so that no signature of the scene's codes is valid any more.
    private func changeKey(of scene: GateScene) async throws {
        let other = try TicketSigningKey(
            secret: Array(repeating: 8, count: 32), occurrenceID: scene.occurrenceID.rawValue)
        try await scene.publish(version: 2) { $0.publicKey = Data(other.publicKey).base64EncodedString() }
    }

    @Test("Only the SHA-256 of a code is kept")
    func hash() async throws {
        try await GateScene.with { scene in
            let ticketID = TicketID(UUID())
            try await scene.sell(ticketID)
            let isHash = try await scene.database.client.query(
                "SELECT code_hash = sha256(convert_to(\(try scene.code(ticketID)), 'UTF8')) FROM tickets"
            ).decodeOne(Bool.self)
            #expect(isHash)
        }
    }

    @Test("A code is known by its hash, in whatever case it was typed; others need a signature that is valid")
    func knownByHash() async throws {
        try await GateScene.with { scene in
            let (sold, early) = (TicketID(UUID()), TicketID(UUID()))
            try await scene.sell(sold)
            try await changeKey(of: scene)
            let results = try await scene.results(
                scene.draft(" " + (try scene.code(sold).lowercased()) + "\n"),
                // Its order has not come, so that its signature has to prove it, which it cannot with this key.
                scene.draft(try scene.code(early)))
            #expect(results == [.admitted, .unknownCode])
        }
    }

    @Test("A code that differs in one character is unknown, although its ticket is known")
    func changedCode() async throws {
        try await GateScene.with { scene in
            let ticketID = TicketID(UUID())
            try await scene.sell(ticketID)
            var text = Array(try scene.code(ticketID))
            let position = text.count - 5
            text[position] = text[position] == "A" ? "B" : "A"
            #expect(try await scene.results(scene.draft(String(text))) == [.unknownCode])
            #expect(try await scene.results(scene.draft(try scene.code(ticketID))) == [.admitted])
        }
    }

    @Test("A code of another revision than the order's is judged by its signature")
    func otherRevision() async throws {
        try await GateScene.with { scene in
            let ticketID = TicketID(UUID())
            try await scene.sell(ticketID)
            #expect(try await scene.results(scene.draft(try scene.code(ticketID, revision: 2))) == [.admitted])
            #expect(try await scene.results(scene.draft(try scene.code(ticketID))) == [.revoked])
        }
    }

    @Test("The hash counts at the gates of its own occurrence only, also when another one has the same tag")
    func sameTag() async throws {
        try await GateScene.with { scene in
            let ticketID = TicketID(UUID())
            try await scene.sell(ticketID)
            var bytes = scene.occurrenceID.rawValue.uuid
            bytes.0 ^= 1
            let twin = OccurrenceID(UUID(uuid: bytes))
            let twinKey = try TicketSigningKey(secret: Array(repeating: 7, count: 32), occurrenceID: twin.rawValue)
            try await scene.publish {
                $0.id = twin
                $0.publicKey = Data(twinKey.publicKey).base64EncodedString()
            }
            var draft = scene.draft(try scene.code(ticketID))
            draft.occurrenceID = twin
            #expect(try await scene.results(draft) == [.unknownCode])
        }
    }

    @Test("A ticket that was let in before its order came gets its hash with the order")
    func lateOrder() async throws {
        try await GateScene.with { scene in
            let ticketID = TicketID(UUID())
            #expect(try await scene.results(scene.draft(try scene.code(ticketID))) == [.admitted])
            try await scene.sell(ticketID)
            try await changeKey(of: scene)
            #expect(try await scene.results(scene.draft(try scene.code(ticketID))) == [.alreadyAdmitted])
        }
    }
}
