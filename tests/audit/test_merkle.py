"""The Merkle tree against the published RFC 6962 vectors, and its laws."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.ledger import merkle

# Inputs and roots of the reference tree in google/certificate-transparency (merkle_tree_test).
LEAVES = [
    merkle.leaf_hash(bytes.fromhex(data))
    for data in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
P1 = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
P2 = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
P3 = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
P4 = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
P5 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
P6 = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"

INCLUSION = [  # index, size, path
    (0, 1, []),
    (0, 8, [P1, P2, P3]),
    (5, 8, [P4, P5, ROOTS[3]]),
    (2, 3, [ROOTS[1]]),
    (1, 5, [ROOTS[0], P2, P4]),
]
CONSISTENCY = [  # size1, size2, path
    (1, 1, []),
    (1, 8, [P1, P2, P3]),
    (6, 8, [P6, P5, ROOTS[3]]),
    (2, 5, [P2, P4]),
]

hashes = st.binary(min_size=32, max_size=32)
trees = st.lists(hashes, min_size=1, max_size=40)


def flipped(data: bytes, bit: int) -> bytes:
    number = int.from_bytes(data) ^ 1 << bit % (8 * len(data))
    return number.to_bytes(len(data))


def test_empty_root() -> None:
    assert merkle.EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert merkle.root([]) == merkle.Frontier().root() == merkle.EMPTY_ROOT


@pytest.mark.parametrize("size", range(1, 9))
def test_published_roots(size: int) -> None:
    assert merkle.root(LEAVES[:size]).hex() == ROOTS[size - 1]


@pytest.mark.parametrize(("index", "size", "path"), INCLUSION)
def test_published_inclusion_proofs(index: int, size: int, path: list[str]) -> None:
    proof = merkle.inclusion_proof(LEAVES[:size], index)
    assert [digest.hex() for digest in proof] == path
    root = bytes.fromhex(ROOTS[size - 1])
    assert merkle.verify_inclusion(index=index, size=size, leaf=LEAVES[index], proof=proof, root=root)


@pytest.mark.parametrize(("size1", "size2", "path"), CONSISTENCY)
def test_published_consistency_proofs(size1: int, size2: int, path: list[str]) -> None:
    proof = merkle.consistency_proof(LEAVES[:size2], size1)
    assert [digest.hex() for digest in proof] == path
    root1, root2 = bytes.fromhex(ROOTS[size1 - 1]), bytes.fromhex(ROOTS[size2 - 1])
    assert merkle.verify_consistency(size1=size1, size2=size2, root1=root1, root2=root2, proof=proof)


def recursive_root(leaves: list[bytes]) -> bytes:
    """RFC 6962 section 2.1 word for word, as an independent definition."""
    if len(leaves) <= 1:
        return leaves[0] if leaves else merkle.EMPTY_ROOT
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return merkle.node_hash(recursive_root(leaves[:split]), recursive_root(leaves[split:]))


@given(st.lists(hashes, max_size=70), st.integers(0, 70))
def test_frontier_resumed_anywhere_gives_the_root(leaves: list[bytes], cut: int) -> None:
    first = merkle.Frontier()
    for leaf in leaves[:cut]:
        first.push(leaf)
    resumed = merkle.Frontier(first.size, first.hashes)
    for leaf in leaves[cut:]:
        resumed.push(leaf)
    together = merkle.Frontier(first.size, first.hashes)
    together.extend(leaves[cut:])
    assert (together.size, together.hashes) == (resumed.size, resumed.hashes)
    assert resumed.size == len(leaves)
    assert resumed.root() == merkle.root(leaves) == recursive_root(leaves)


@given(trees, st.data())
def test_inclusion_proofs_verify_and_any_flipped_bit_fails(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    bit = data.draw(st.integers(0, 32 * 8 * 50))
    size, leaf, root = len(leaves), leaves[index], merkle.root(leaves)
    proof = merkle.inclusion_proof(leaves, index)

    def verify(leaf: bytes = leaf, proof: list[bytes] = proof, root: bytes = root) -> bool:
        return merkle.verify_inclusion(index=index, size=size, leaf=leaf, proof=proof, root=root)

    assert verify()
    assert not verify(leaf=flipped(leaf, bit))
    assert not verify(root=flipped(root, bit))
    assert not verify(leaf=leaf[:-1])
    assert not verify(root=root + b"\0")
    assert not verify(proof=[*proof, root])
    for place, digest in enumerate(proof):
        assert not verify(proof=[*proof[:place], flipped(digest, bit), *proof[place + 1 :]])
        assert not verify(proof=[*proof[:place], digest[:-1], *proof[place + 1 :]])
        assert not verify(proof=proof[:place] + proof[place + 1 :])


@given(trees, st.data())
def test_consistency_proofs_verify_and_any_flipped_bit_fails(leaves: list[bytes], data: st.DataObject) -> None:
    size1 = data.draw(st.integers(1, len(leaves)))
    bit = data.draw(st.integers(0, 32 * 8 * 50))
    root1, root2 = merkle.root(leaves[:size1]), merkle.root(leaves)
    proof = merkle.consistency_proof(leaves, size1)

    def verify(proof: list[bytes] = proof, root1: bytes = root1, root2: bytes = root2) -> bool:
        return merkle.verify_consistency(size1=size1, size2=len(leaves), root1=root1, root2=root2, proof=proof)

    assert verify()
    assert not verify(root1=flipped(root1, bit))
    assert not verify(root2=flipped(root2, bit))
    assert not verify(proof=[*proof, root1])
    for place, digest in enumerate(proof):
        assert not verify(proof=[*proof[:place], flipped(digest, bit), *proof[place + 1 :]])
        assert not verify(proof=[*proof[:place], digest[:-1], *proof[place + 1 :]])
        assert not verify(proof=proof[:place] + proof[place + 1 :])


@pytest.mark.parametrize("size2", [0, 1, 8])
def test_consistency_from_the_empty_tree_is_rejected(size2: int) -> None:
    root2 = merkle.root(LEAVES[:size2])
    for root1 in (merkle.EMPTY_ROOT, root2):
        assert not merkle.verify_consistency(size1=0, size2=size2, root1=root1, root2=root2, proof=[])
    with pytest.raises(ValueError, match="size: 0"):
        merkle.consistency_proof(LEAVES[:size2], 0)


def test_sizes_and_indexes_out_of_range_are_rejected() -> None:
    root = merkle.root(LEAVES)
    for index in (-1, 8):
        assert not merkle.verify_inclusion(index=index, size=8, leaf=LEAVES[0], proof=[], root=root)
        with pytest.raises(ValueError, match=f"index: {index}"):
            merkle.inclusion_proof(LEAVES, index)
    assert not merkle.verify_consistency(size1=8, size2=7, root1=root, root2=root, proof=[])
    with pytest.raises(ValueError, match="size: 9"):
        merkle.consistency_proof(LEAVES, 9)


def test_frontier_refuses_state_that_fits_no_tree() -> None:
    with pytest.raises(ValueError, match="3 leaves has 2 perfect subtrees, not 1"):
        merkle.Frontier(3, LEAVES[:1])
    with pytest.raises(ValueError, match="negative"):
        merkle.Frontier(-1)
    with pytest.raises(ValueError, match="32 bytes, not 31"):
        merkle.Frontier(1, [LEAVES[0][1:]])
    frontier = merkle.Frontier()
    with pytest.raises(ValueError, match="32 bytes, not 5"):
        frontier.push(b"short")
    with pytest.raises(ValueError, match="32 bytes, not 5"):
        frontier.extend([LEAVES[0], b"short"])
    assert (frontier.size, frontier.hashes) == (0, [])
