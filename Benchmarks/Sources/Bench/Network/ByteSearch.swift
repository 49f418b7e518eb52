import Glibc

extension UnsafeRawBufferPointer {
    /// Where the mark begins, the first time that it occurs.
    func firstOffset(of mark: StaticString) -> Int? {
        let length = mark.utf8CodeUnitCount
        guard let start = baseAddress, length > 0 else { return nil }
        var offset = 0
        while offset + length <= count {
            guard let found = memchr(start + offset, Int32(mark.utf8Start.pointee), count - length - offset + 1) else {
                return nil
            }
            offset = start.distance(to: UnsafeRawPointer(found))
            if memcmp(found, mark.utf8Start, length) == 0 { return offset }
            offset += 1
        }
        return nil
    }
}
