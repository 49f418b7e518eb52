import Contracts
import Foundation
import Postgres

// The contracts' own value types as columns: ids as uuid, times as timestamptz, currencies as text.
