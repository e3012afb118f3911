/// What searching a large knowledge base costs: hybrid search over 100,000 chunks with vectors of 384 numbers, in a PostgreSQL of its own.
/// Words are drawn by Zipf's law. Prints JSON; status 1 over the bar.
///
///     KnowledgeSearch DIRECTORY [CHUNKS] [SEARCHES] [DIMENSIONS]
///
/// The directory must be searchable by every account; what is made in it stays, so that a second start measures at once.

import Glibc

let arguments = CommandLine.arguments.dropFirst()
func number(_ place: Int, _ standard: Int) -> Int { arguments.dropFirst(place).first.flatMap { Int($0) } ?? standard }
guard let directory = arguments.first else {
    print("usage: KnowledgeSearch DIRECTORY [CHUNKS] [SEARCHES] [DIMENSIONS]")
    exit(2)
}
let cost = try await SearchCost.measure(
    directory: directory, chunkCount: number(1, 100_000), searchCount: number(2, 2_000), dimensionCount: number(3, 384))
print(cost.json)
exit(cost.isWithinBar ? 0 : 1)
