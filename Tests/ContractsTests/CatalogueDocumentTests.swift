import Contracts
import Foundation
import Testing

@Suite("Generated catalogue")
struct CatalogueDocumentTests {
    static let documents = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "docs")

    @Test("docs/messages.md is what the code says")
    func tableIsFresh() throws {
        let table = MessageTable.markdown()
        #expect(try Generated.file(at: Self.documents.appending(path: "messages.md"), content: table) == table)
    }

    @Test("docs/asyncapi.json is what the code says")
    func asyncAPIIsFresh() throws {
        let document = try AsyncAPIDocument.json()
        #expect(try Generated.file(at: Self.documents.appending(path: "asyncapi.json"), content: document) == document)
    }

    @Test("Every reference of the AsyncAPI document points at something")
    func referencesResolve() throws {
        let document = try AsyncAPIDocument.json()
        let root = try MessageCodec.decode(JSONValue.self, from: Array(document.utf8))
        let references = document.matches(of: /"\$ref" : "#\/([^"]+)"/).map { String($0.1) }
        #expect(references.count > 100)
        for reference in references {
            var node: JSONValue? = root
            for part in reference.split(separator: "/") { node = node?[String(part)] }
            #expect(node != nil, "\(reference) points at nothing")
        }
    }

    @Test("A schema knows optional, required, enumerated and nested properties")
    func schemaOfAMessage() throws {
        let schema = JSONSchema.describing(HoldTickets.example)
        let required = try #require(schema["required"])
        #expect(
            required
                == .array(
                    ["buyer", "checkout_id", "expires_at", "items", "occurrence_id", "order_id"].map { .string($0) }))
        let properties = try #require(schema["properties"])
        #expect(properties["expires_at"]?["format"] == .string("date-time"))
        #expect(properties["items"]?["items"]?["properties"]?["quantity"]?["type"] == .string("integer"))
        let reason = JSONSchema.describing(HoldRefused.example)["properties"]?["reason"]
        #expect(reason?["enum"] == .array(HoldRefusal.allCases.map { .string($0.rawValue) }))
    }
}
