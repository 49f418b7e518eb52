import Foundation
import Postgres
import TestSupport
import Testing

@Suite("Types", .timeLimit(.minutes(5)))
struct PostgresTypeTests {
    private enum Colour: String, PostgresCodable {
        case red, green
    }

    private enum Rank: Int, PostgresCodable {
        case first = 1, second
    }

    private struct SeatID: Hashable, PostgresEncodable, PostgresDecodable {
        let rawValue: UUID

        static var postgresType: PostgresType { UUID.postgresType }

        init(rawValue: UUID) {
            self.rawValue = rawValue
        }

        func encode() throws -> PostgresValue { try rawValue.encode() }

        init(_ cell: PostgresCell) throws {
            self.init(rawValue: try UUID(cell))
        }
    }

    private struct Note: Codable, Hashable {
        var text: String
        var tags: [String]
    }

    /// Sends each value, lets the server compare it with itself, and reads it back.
    private func roundTrip<Value: PostgresCodable & Equatable>(
        _ values: [Value], as type: String, on client: PostgresClient,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        for value in values {
            let rows = try await client.query("SELECT \(value), pg_typeof(\(value))::text")
            let (result, typeName) = try rows.decodeOne((Value, String).self)
            #expect(result == value, sourceLocation: sourceLocation)
            #expect(typeName == type, sourceLocation: sourceLocation)
        }
    }

    @Test("Every type comes back as it was sent")
    func scalars() async throws {
        try await withTestDatabase { client in
            try await roundTrip(["", "plain", "'; DROP TABLE x; --", "é🎟️\n\t\"\\"], as: "text", on: client)
            try await roundTrip([true, false], as: "boolean", on: client)
            try await roundTrip([0, -1, Int.max, Int.min], as: "bigint", on: client)
            try await roundTrip([Int64.max, Int64.min], as: "bigint", on: client)
            try await roundTrip([Int32.max, Int32.min], as: "integer", on: client)
            try await roundTrip([Int16.max, Int16.min], as: "smallint", on: client)
            try await roundTrip([UInt8.max, UInt8.min], as: "smallint", on: client)
            try await roundTrip(
                [0, -1.5, .pi, .greatestFiniteMagnitude, .infinity], as: "double precision", on: client)
            try await roundTrip([UUID(), UUID()], as: "uuid", on: client)
            try await roundTrip([[UInt8](), [0, 255, 1]], as: "bytea", on: client)
            try await roundTrip([Data(), Data([0, 255, 1])], as: "bytea", on: client)
            try await roundTrip([Colour.red, .green], as: "text", on: client)
            try await roundTrip([Rank.first, .second], as: "bigint", on: client)
            try await roundTrip([SeatID(rawValue: UUID())], as: "uuid", on: client)
            try await roundTrip([PostgresJSON(Note(text: "a", tags: ["b"]))], as: "jsonb", on: client)
        }
    }

    @Test("NULL comes back as nil, and is refused where a value is needed")
    func null() async throws {
        try await withTestDatabase { client in
            try await roundTrip([String?.none, "x"], as: "text", on: client)
            try await roundTrip([UUID?.none, UUID()], as: "uuid", on: client)
            try await roundTrip([[UInt8]?.none, [1]], as: "bytea", on: client)
            try await roundTrip([[Int]?.none, [1]], as: "bigint[]", on: client)
            let rows = try await client.query("SELECT \(Int?.none) AS amount")
            let error = #expect(throws: PostgresError.self) { try rows.decodeOne(Int.self) }
            #expect(error?.code == .decoding)
            #expect(error?.column == "amount")
        }
    }

    @Test("Arrays come back with their NULLs, and empty ones stay empty")
    func arrays() async throws {
        try await withTestDatabase { client in
            try await roundTrip([[String](), ["a", "", "{\"x\"}"]], as: "text[]", on: client)
            try await roundTrip([["a", nil, "NULL"]], as: "text[]", on: client)
            try await roundTrip([[Int](), [1, -2, .max]], as: "bigint[]", on: client)
            try await roundTrip([[nil, 1, nil]], as: "bigint[]", on: client)
            try await roundTrip([[Int32](), [1, -2, .max]], as: "integer[]", on: client)
            try await roundTrip([[Int16(3)]], as: "smallint[]", on: client)
            try await roundTrip([[true, false], []], as: "boolean[]", on: client)
            try await roundTrip([[true, nil]], as: "boolean[]", on: client)
            try await roundTrip([[1.5, -0.0]], as: "double precision[]", on: client)
            try await roundTrip([[UUID(), UUID()], []], as: "uuid[]", on: client)
            try await roundTrip([[UUID(), nil]], as: "uuid[]", on: client)
            try await roundTrip([[Date(timeIntervalSince1970: 1), nil]], as: "timestamp with time zone[]", on: client)
            try await roundTrip([[[UInt8]](), [[1, 2], [], [255]]], as: "bytea[]", on: client)
            try await roundTrip([[[1, 2], nil] as [[UInt8]?]], as: "bytea[]", on: client)
            try await roundTrip([[Data([7])]], as: "bytea[]", on: client)
            try await roundTrip([[SeatID(rawValue: UUID())]], as: "uuid[]", on: client)
            try await roundTrip([[Colour.red, nil]], as: "text[]", on: client)
            let notes = [PostgresJSON(Note(text: "a", tags: [])), PostgresJSON(Note(text: "ü", tags: ["b", "c"]))]
            try await roundTrip([notes, []], as: "jsonb[]", on: client)
            try await roundTrip([[PostgresRawJSON("{\"a\": 1}"), nil]], as: "jsonb[]", on: client)
        }
    }

    @Test("Many elements of several arrays become rows of unnest, in order")
    func unnest() async throws {
        try await withTestDatabase { client in
            let numbers = Array(0..<5000)
            let names: [String?] = numbers.map { $0 % 3 == 0 ? nil : "name \($0)" }
            let rows = try await client.query(
                "SELECT number, name FROM unnest(\(numbers), \(names)) AS item (number, name)")
            let items = try rows.decode((Int, String?).self)
            #expect(items.map(\.0) == numbers)
            #expect(items.map(\.1) == names)
        }
    }

    @Test("Times keep their microseconds, also before 1970 and far away")
    func times() async throws {
        try await withTestDatabase { client in
            let texts = [
                "2026-11-21T04:14:28.123456Z", "1999-12-31T23:59:59.999999Z", "1969-07-20T20:17:40.000001Z",
                "0001-01-01T00:00:00.000000Z", "9999-12-31T23:59:59.500000Z", "2000-01-01T00:00:00.000000Z",
            ]
            for text in texts {
                let rows = try await client.query("SELECT \(text)::timestamptz")
                let date = try rows.decodeOne(Date.self)
                let back = try await client.query(
                    "SELECT to_char(\(date) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')")
                #expect(try back.decodeOne(String.self) == text)
            }
            let day = try await client.query("SELECT date '2026-11-21', timestamp '2026-11-21 00:00:00'")
            let (date, timestamp) = try day.decodeOne((Date, Date).self)
            #expect(date == Date(timeIntervalSince1970: 1_795_219_200))
            #expect(timestamp == date)
            let infinite = try await client.query("SELECT 'infinity'::timestamptz")
            #expect(throws: PostgresError.self) { try infinite.decodeOne(Date.self) }
        }
    }

    @Test("A time that the database cannot hold is refused before anything is sent")
    func impossibleTime() async throws {
        try await withTestDatabase { client in
            let never = Date(timeIntervalSinceReferenceDate: .nan)
            let error = await #expect(throws: PostgresError.self) { try await client.query("SELECT \(never)") }
            #expect(error?.code == .encoding)
            let tooLate = Date(timeIntervalSince1970: 1e14)
            await #expect(throws: PostgresError.self) { try await client.query("SELECT \(tooLate)") }
        }
    }

    @Test("Integers read every integer type and numerics without fraction, and refuse what does not fit")
    func integers() async throws {
        try await withTestDatabase { client in
            let rows = try await client.query(
                """
                SELECT 7::int2, 7::int4, 7::int8, sum(x), 70000::numeric, (-9223372036854775808)::numeric, 0::numeric
                FROM unnest(ARRAY[9007199254740993, 1]::bigint[]) AS x
                """)
            let values = try rows.decodeOne((Int, Int, Int, Int, Int, Int, Int).self)
            #expect(values.0 == 7 && values.1 == 7 && values.2 == 7)
            #expect(values.3 == 9_007_199_254_740_994)
            #expect(values.4 == 70_000)
            #expect(values.5 == Int.min)
            #expect(values.6 == 0)
            for sql in ["SELECT 1.5", "SELECT 0.0001", "SELECT 9223372036854775808", "SELECT 'NaN'::numeric"] {
                let rows = try await client.query("\(unescaped: sql)")
                #expect(throws: PostgresError.self, "\(sql)") { try rows.decodeOne(Int.self) }
            }
            let large = try await client.query("SELECT 70000::int4")
            #expect(throws: PostgresError.self) { try large.decodeOne(Int16.self) }
            let text = try await client.query("SELECT 'x'")
            #expect(throws: PostgresError.self) { try text.decodeOne(Int.self) }
        }
    }

    @Test("Doubles read every number type as the nearest value")
    func doubles() async throws {
        try await withTestDatabase { client in
            let rows = try await client.query(
                """
                SELECT 1.5::float4, 2::int4, 0.1::numeric, 12345.6789::numeric, -0.00001::numeric, 1e30::numeric,
                    'NaN'::numeric
                """)
            let values = try rows.decodeOne((Double, Double, Double, Double, Double, Double, Double).self)
            #expect(values.0 == 1.5 && values.1 == 2 && values.2 == 0.1 && values.3 == 12345.6789)
            #expect(values.4 == -0.00001 && values.5 == 1e30)
            #expect(values.6.isNaN)
        }
    }

    @Test("Text reads the other text types, enumerations and JSON, and nothing else")
    func texts() async throws {
        try await withTestDatabase { client in
            _ = try await client.query("CREATE TYPE mood AS ENUM ('sad', 'happy')")
            let rows = try await client.query(
                """
                SELECT 'a'::varchar, 'b'::char(3), 'c'::name, 'd'::"char", 'happy'::mood, '{"e": 1}'::jsonb,
                    '{"f":2}'::json
                """)
            let values = try rows.decodeOne((String, String, String, String, String, String, String).self)
            #expect(values.0 == "a" && values.1 == "b  " && values.2 == "c" && values.3 == "d")
            #expect(values.4 == "happy" && values.5 == "{\"e\": 1}" && values.6 == "{\"f\":2}")
            let number = try await client.query("SELECT 1")
            #expect(throws: PostgresError.self) { try number.decodeOne(String.self) }
            let colour = try await client.query("SELECT 'blue'")
            #expect(throws: PostgresError.self) { try colour.decodeOne(Colour.self) }
        }
    }

    @Test("A JSON document of several megabytes comes back whole")
    func bigJSON() async throws {
        try await withTestDatabase { client in
            let note = Note(
                text: String(repeating: "Ünïcödé 🎟️ ", count: 100_000), tags: (0..<50_000).map { "tag \($0)" })
            let rows = try await client.query("SELECT \(PostgresJSON(note)), \(PostgresJSON(note))->'tags'->>49999")
            let (copy, tag) = try rows.decodeOne((PostgresJSON<Note>, String).self)
            #expect(copy.value == note)
            #expect(tag == "tag 49999")
        }
    }

    @Test("JSON that is not of the type is refused without quoting it")
    func wrongJSON() async throws {
        try await withTestDatabase { client in
            let rows = try await client.query("SELECT '{\"text\": 5, \"secret\": \"hunter2\"}'::jsonb")
            let error = #expect(throws: PostgresError.self) { try rows.decodeOne(PostgresJSON<Note>.self) }
            #expect(error?.code == .decoding)
            #expect(!String(reflecting: error).contains("hunter2"))
        }
    }

    @Test("An array of more dimensions than one is refused")
    func dimensions() async throws {
        try await withTestDatabase { client in
            let rows = try await client.query("SELECT ARRAY[[1, 2], [3, 4]]")
            #expect(throws: PostgresError.self) { try rows.decodeOne([Int].self) }
            let error = await #expect(throws: PostgresError.self) { try await client.query("SELECT \([[1], [2]])") }
            #expect(error?.code == .encoding)
        }
    }

    @Test("A bigint value goes into smaller integer columns and into comparisons with them")
    func assignment() async throws {
        try await withTestDatabase { client in
            _ = try await client.query("CREATE TABLE counts (small smallint, medium integer, large bigint)")
            let five = 5
            _ = try await client.query("INSERT INTO counts VALUES (\(five), \(five), \(five))")
            _ = try await client.query("INSERT INTO counts SELECT n, n, n FROM unnest(\([6, 7])) AS n")
            let rows = try await client.query(
                "SELECT count(*) FROM counts WHERE small = \(five) OR medium = ANY(\([6, 7])) OR large = \(five)")
            #expect(try rows.decodeOne(Int.self) == 3)
        }
    }
}
