import Contracts
import Foundation
import Testing

@testable import Gateway

@Suite("Checking values against the documented schemas")
struct SchemaCheckTests {
    private func errors(_ value: JSONValue, _ schema: Schema) -> [String] {
        SchemaCheck.errors(in: value, schema: schema.json).map { "\($0.field) \($0.message)" }
    }

    @Test("What is missing, of the wrong type, out of the choice or out of range is named by its path")
    func messages() {
        #expect(errors(.object([:]), .eventDraft) == ["name is required"])
        #expect(errors(.array([]), .eventDraft) == ["body must be an object"])
        #expect(
            errors(
                .object([
                    "name": .integer(3), "category": .string("party"), "max_capacity": .integer(0),
                    "duration_minutes": .string("90"), "settings": .array([]), "account_id": .string("x"),
                ]), .eventDraft) == [
                    "account_id must be a UUID",
                    "category must be one of tour, activity, class, workshop, dining, wellness, cultural, adventure, "
                        + "entertainment, other",
                    "duration_minutes must be an integer", "max_capacity must be from 1 to 10000000",
                    "name must be a string", "settings must be an object",
                ])
        #expect(
            errors(.object(["start_at": .string("noon"), "end_at": .null, "timezone": .string("")]), .occurrenceDraft)
                == [
                    "end_at must be a string", "start_at must be an RFC 3339 time such as 2026-11-21T19:30:00Z",
                    "timezone must have from 1 to 64 characters",
                ])
    }

    @Test("Optional fields may be null, which is read as absent")
    func nulls() throws {
        let value = JSONValue.object(["name": .string("A"), "slug": .null, "category": .null, "settings": .null])
        #expect(errors(value, .eventDraft).isEmpty)
        let draft = try MessageCodec.decode(EventDraft.self, from: MessageCodec.encode(value))
        #expect(draft == EventDraft(name: "A"))
    }

    @Test("A merge patch requires nothing but something, and its status is one of those an organiser may choose")
    func mergePatch() {
        #expect(errors(.object([:]), .eventChanges) == ["body must name at least one field"])
        #expect(errors(.object(["status": .string("paused"), "description": .null]), .eventChanges).isEmpty)
        #expect(
            errors(.object(["status": .string("draft")]), .eventChanges)
                == ["status must be one of active, paused, archived"])
    }

    @Test("U+0000 is refused wherever it stands")
    func nul() {
        let value = JSONValue.object(["name": .string("A"), "settings": .object(["a": .array([.string("\0")])])])
        #expect(errors(value, .eventDraft) == ["settings.a[0] must not contain the character U+0000"])
        let name = JSONValue.object(["name": .string("A"), "settings": .object(["\0": .integer(1)])])
        #expect(errors(name, .eventDraft).count == 1)
    }

    @Test("Nothing is named twice where names are unique")
    func unique() {
        let value = JSONValue.object([
            "name": .string("A"), "scopes": .array([.string("events:read"), .string("events:read")]),
        ])
        #expect(errors(value, .apiKeyDraft) == ["scopes must not name anything twice"])
    }

    @Test("Every documented example is valid, and can be read as what it is an example of")
    func examples() throws {
        for endpoint in try EndpointTableSample.endpoints() {
            guard let body = endpoint.body else { continue }
            #expect(
                SchemaCheck.errors(in: body.example, schema: body.schema.json).isEmpty, "\(endpoint.operationID)")
        }
    }

    @Test("Every pattern can be read")
    func patterns() throws {
        for endpoint in try EndpointTableSample.endpoints() {
            guard let body = endpoint.body else { continue }
            for pattern in patterns(in: body.schema.json) {
                #expect(throws: Never.self) { try NSRegularExpression(pattern: pattern) }
            }
        }
    }

    private func patterns(in schema: JSONValue) -> [String] {
        switch schema {
        case .object(let members):
            members.flatMap { name, value in
                if name == "pattern", case .string(let pattern) = value { [pattern] } else { patterns(in: value) }
            }
        case .array(let elements): elements.flatMap { patterns(in: $0) }
        default: []
        }
    }
}

@Suite("Reading queries")
struct QueryReaderTests {
    private let declared = [QueryParameter.limit, .cursor, .text("email", "")]

    @Test("Declared parameters are read and decoded, others ignored")
    func reading() throws {
        #expect(
            try QueryReader.read("limit=5&email=a%2Bb%40c&utm=x", declared) == ["limit": "5", "email": "a+b@c"])
        #expect(try QueryReader.read(nil, declared).isEmpty)
        #expect(try QueryReader.read("email=a+b@c", declared) == ["email": "a+b@c"])
    }

    @Test(
        "Wrong values are named",
        arguments: [
            "limit=0", "limit=201", "limit=many", "limit=", "limit=1&limit=2", "email=%FF", "email=%00", "cursor=",
        ])
    func wrong(query: String) {
        let problem = #expect(throws: Problem.self) { try QueryReader.read(query, declared) }
        #expect(problem?.slug == .validationFailed)
        #expect(problem?.errors?.count == 1)
    }
}

@Suite("Entity tags")
struct EntityTagTests {
    @Test("A tag is found in If-None-Match, alone, among others, weak, and as a star")
    func matching() {
        let tag = EntityTag(of: [1, 2, 3])
        #expect(tag.isNamed(in: [tag.description]))
        #expect(tag.isNamed(in: ["\"x\", W/\(tag)"]))
        #expect(tag.isNamed(in: ["\"x\"", " \(tag) "]))
        #expect(tag.isNamed(in: ["*"]))
        #expect(!tag.isNamed(in: ["\"x\""]))
        #expect(!tag.isNamed(in: []))
        #expect(EntityTag(of: [1, 2, 4]) != tag)
    }
}
