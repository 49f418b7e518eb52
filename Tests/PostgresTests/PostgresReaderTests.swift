import Testing

@testable import Postgres

@Suite("Reading fields")
struct PostgresReaderTests {
    @Test("Fields are read in network order, one after the other, and never beyond the end")
    func fields() {
        let bytes: [UInt8] = [0xFF, 0xFE, 0, 0, 1, 0, 7, 8]
        bytes.withUnsafeBytes { bytes in
            var reader = PostgresReader(bytes)
            #expect(reader.integer(Int16.self) == -2)
            #expect(reader.integer(Int32.self) == 256)
            #expect(reader.integer(Int64.self) == nil)
            #expect(reader.slice(-1) == nil)
            #expect(reader.slice(3) == nil)
            #expect(reader.slice(2).map(Array.init) == [7, 8])
            #expect(reader.slice(0)?.count == 0)
            #expect(reader.integer(UInt8.self) == nil)
        }
    }

    @Test("An array's header and elements are written as PostgreSQL reads them")
    func arrays() throws {
        let value = try [Int16(1), nil, -1].encode()
        #expect(
            value.bytes == [
                0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 21, 0, 0, 0, 3, 0, 0, 0, 1,
                0, 0, 0, 2, 0, 1, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 2, 0xFF, 0xFF,
            ])
        #expect(try [Bool]().encode().bytes == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 16])
        #expect(try [UInt8]([1, 2]).encode().bytes == [1, 2])
        #expect([[UInt8]].postgresType.description == "bytea[]")
    }
}
