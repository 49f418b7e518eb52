import CZlib

/// Compression as PDF's FlateDecode filter reads it (RFC 1950).
enum Deflate {
    /// - Parameter level: of zlib, 1 to 9; above 4 a page gets hardly smaller.
    /// - Throws: ``TicketDocumentError/drawingFailed(_:)`` when memory is short.
    static func compress(_ bytes: [UInt8], level: Int32 = 4) throws(TicketDocumentError) -> [UInt8] {
        var length = compressBound(uLong(bytes.count))
        var status = Z_OK
        let compressed = [UInt8](unsafeUninitializedCapacity: Int(length)) { buffer, count in
            status = compress2(buffer.baseAddress, &length, bytes, uLong(bytes.count), level)
            count = status == Z_OK ? Int(length) : 0
        }
        guard status == Z_OK else { throw .drawingFailed("out of memory") }
        return compressed
    }
}
