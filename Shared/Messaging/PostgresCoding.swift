import Contracts
import Foundation
import Postgres

// The contracts' own value types as columns: ids as uuid, times as timestamptz, currencies as text.

extension Identifier: PostgresEncodable {
    public static var postgresType: PostgresType { UUID.postgresType }

    public func encode() throws -> PostgresValue { try rawValue.encode() }
}

extension Identifier: PostgresDecodable {
    public init(_ cell: PostgresCell) throws {
        self.init(rawValue: try UUID(cell))
    }
}

extension Timestamp: PostgresEncodable {
    public static var postgresType: PostgresType { Date.postgresType }

    public func encode() throws -> PostgresValue { try date.encode() }
}

extension Timestamp: PostgresDecodable {
    public init(_ cell: PostgresCell) throws {
        self.init(try Date(cell))
    }
}

extension Currency: PostgresEncodable {
    public static var postgresType: PostgresType { String.postgresType }

    public func encode() throws -> PostgresValue { try rawValue.encode() }
}

extension Currency: PostgresDecodable {
    public init(_ cell: PostgresCell) throws {
        let text = try String(cell)
        guard let currency = Currency(rawValue: text) else {
            throw PostgresError.decoding(cell, "is not an ISO 4217 code")
        }
        self = currency
    }
}
