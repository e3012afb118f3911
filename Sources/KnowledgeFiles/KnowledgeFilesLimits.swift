/// Every limit of a knowledge base in a folder, with its reason.

import KnowledgeModel
import YAML

package enum KnowledgeFilesLimits {
    /// Bytes of an entry's file: what the YAML of a content can come to, and what is read of YAML.
    package static let maximumFileByteCount = YAMLLimits.maximumByteCount
    /// Bytes of the state file: a line for each of `KnowledgeLimits.maximumEntryCount` entries, some hundred bytes each.
    package static let maximumStateByteCount = 128 << 20
    /// Bytes of one part of a path, without the mark of a collision and the suffix: file systems take 255.
    static let maximumPartByteCount = 200
    /// Folders within folders: keys of 512 bytes have no more parts; readers recurse.
    static let maximumDepth = KnowledgeLimits.maximumKeyByteCount
    /// Files in a folder: as many as a knowledge base has entries.
    static let maximumFileCount = KnowledgeLimits.maximumEntryCount
    /// Problems that are named; the rest is counted.
    package static let maximumNamedProblemCount = 100
    /// Entries asked for at a time: as many as a page has.
    package static let pageItemCount = 500
    /// Requests under way at a time: a folder of thousands is there in seconds, and others are served beside it.
    package static let maximumRequestCount = 8
}
