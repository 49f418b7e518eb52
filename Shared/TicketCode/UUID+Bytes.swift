import Foundation

extension UUID {
    /// The sixteen bytes in the order they are written.
    var byteArray: [UInt8] {
        withUnsafeBytes(of: uuid) { Array($0) }
    }

    /// Takes the first sixteen bytes; the caller checks the length.
    init(bytes: ArraySlice<UInt8>) {
        var value: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        withUnsafeMutableBytes(of: &value) { $0.copyBytes(from: bytes.prefix(16)) }
        self.init(uuid: value)
    }
}
