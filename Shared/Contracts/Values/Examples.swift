import Foundation

// The values that the messages' examples are made of: fixed, so that golden files never change by themselves.

extension Identifier {
    public static var example: Self {
        Identifier(UUID(uuid: (0x01, 0x92, 0xF0, 0xC1, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 1)))
    }
}

extension Timestamp {
    /// 2026-11-21T19:30:00Z.
    public static var example: Self { Timestamp(millisecondsSince1970: 1_795_289_400_000) }
}

extension Currency {
    public static var example: Self { .zar }
}
