/// A type of the database, by its object id. The ids of built-in types never change (`pg_type.dat`).
public struct PostgresType: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    public static let bool = PostgresType(rawValue: 16)
    public static let bytea = PostgresType(rawValue: 17)
    /// The one-byte internal type `"char"`.
    public static let char = PostgresType(rawValue: 18)
    public static let name = PostgresType(rawValue: 19)
    public static let int8 = PostgresType(rawValue: 20)
    public static let int2 = PostgresType(rawValue: 21)
    public static let int4 = PostgresType(rawValue: 23)
    public static let text = PostgresType(rawValue: 25)
    public static let oid = PostgresType(rawValue: 26)
    public static let json = PostgresType(rawValue: 114)
    public static let xml = PostgresType(rawValue: 142)
    public static let float4 = PostgresType(rawValue: 700)
    public static let float8 = PostgresType(rawValue: 701)
    public static let unknown = PostgresType(rawValue: 705)
    /// `character(n)`.
    public static let bpchar = PostgresType(rawValue: 1042)
    public static let varchar = PostgresType(rawValue: 1043)
    public static let date = PostgresType(rawValue: 1082)
    public static let timestamp = PostgresType(rawValue: 1114)
    public static let timestamptz = PostgresType(rawValue: 1184)
    public static let numeric = PostgresType(rawValue: 1700)
    public static let uuid = PostgresType(rawValue: 2950)
    public static let jsonb = PostgresType(rawValue: 3802)

    /// The first id that the database gives to types that users create.
    static let firstUserDefined: UInt32 = 16384

    private static let arrays: [PostgresType: UInt32] = [
        .bool: 1000, .bytea: 1001, .char: 1002, .name: 1003, .int8: 1016, .int2: 1005, .int4: 1007, .text: 1009,
        .oid: 1028, .json: 199, .xml: 143, .float4: 1021, .float8: 1022, .bpchar: 1014, .varchar: 1015, .date: 1182,
        .timestamp: 1115, .timestamptz: 1185, .numeric: 1231, .uuid: 2951, .jsonb: 3807,
    ]

    private static let names: [PostgresType: String] = [
        .bool: "boolean", .bytea: "bytea", .char: "\"char\"", .name: "name", .int8: "bigint", .int2: "smallint",
        .int4: "integer", .text: "text", .oid: "oid", .json: "json", .xml: "xml", .float4: "real",
        .float8: "double precision", .unknown: "unknown", .bpchar: "character", .varchar: "character varying",
        .date: "date", .timestamp: "timestamp", .timestamptz: "timestamptz", .numeric: "numeric", .uuid: "uuid",
        .jsonb: "jsonb",
    ]

    private static let elements = [UInt32: PostgresType](
        uniqueKeysWithValues: arrays.map { element, array in (array, element) })

    /// The type of arrays of this type, when this module knows it.
    public var arrayType: PostgresType? {
        Self.arrays[self].map(PostgresType.init(rawValue:))
    }
}

extension PostgresType: CustomStringConvertible {
    public var description: String {
        if let name = Self.names[self] { return name }
        if let element = Self.elements[rawValue] { return "\(element)[]" }
        return "type \(rawValue)"
    }
}
