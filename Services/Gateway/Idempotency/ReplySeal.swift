import Contracts
import Crypto
import Foundation

/// Seals the answers that are kept with idempotency keys: they hold personal data, and now and then a secret that is
/// shown once. AES-256-GCM under a key derived from the platform key (HKDF-SHA256), bound to the claim's place in the
/// table.
struct ReplySeal: Sendable {
    /// The platform key is another one than when the answer was sealed, or the row was tampered with.
    struct Broken: Error {}

    private let key: SymmetricKey

    init(platformKey: String) {
        key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: Data(platformKey.utf8)), info: Data("idempotent replies".utf8),
            outputByteCount: 32)
    }

    func seal(_ bytes: [UInt8], for claim: IdempotencyClaim) throws -> [UInt8] {
        let box = try AES.GCM.seal(bytes, using: key, authenticating: place(claim.organizationID.rawValue, claim.key))
        guard let combined = box.combined else { throw Broken() }
        return Array(combined)
    }

    func open(_ sealed: [UInt8], of request: IdempotentRequest) throws(Broken) -> [UInt8] {
        do {
            let box = try AES.GCM.SealedBox(combined: sealed)
            return Array(
                try AES.GCM.open(box, using: key, authenticating: place(request.organizationID.rawValue, request.key)))
        } catch {
            throw Broken()
        }
    }

    private func place(_ organizationID: UUID, _ key: IdempotencyKey) -> Data {
        Data("\(organizationID.uuidString) \(key.text)".utf8)
    }
}
