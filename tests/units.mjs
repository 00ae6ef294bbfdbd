// Prints an invented list of units in the form `conglang site import` reads, for measuring:
// PROVINCES provinces (default 34) of UNITS communes and wards each (default 98). No two units
// of a province have the same host name.
//
//     node tests/units.mjs [PROVINCES [UNITS]]

const first = ["An", "Bình", "Cẩm", "Đại", "Đông", "Hòa", "Khánh", "Liên", "Mỹ", "Nam", "Phú", "Quảng", "Tân", "Vĩnh"];
const second = ["Châu", "Điền", "Giang", "Hưng", "Khê", "Lộc", "Minh", "Nghĩa", "Phong", "Sơn", "Thành", "Thủy", "Trung", "Xuân"];
const plain = (name) => name.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("Đ", "D").replaceAll("đ", "d");
const names = first.flatMap((a) => second.map((b) => `${a} ${b}`));

const [provinces, units] = [process.argv[2] ?? 34, process.argv[3] ?? 98].map(Number);
if (!(provinces >= 1 && provinces <= 99 && units >= 1 && units <= names.length)) {
  console.error(`usage: node tests/units.mjs [PROVINCES 1..99 [UNITS 1..${names.length}]]`);
  process.exit(2);
}

const body = (code, kind, english, name) => ({
  code,
  name,
  name_en: plain(name),
  full_name: `${kind} ${name}`,
  full_name_en: `${plain(name)} ${english}`,
  kind,
});
const list = Array.from({ length: provinces }, (_, p) => ({
  ...body(String(p + 1).padStart(2, "0"), "Tỉnh", "Province", `${names[p]} Mới`),
  units: names.slice(0, units).map((name, u) => {
    const code = String((p + 1) * 1000 + u).padStart(5, "0");
    return u % 3 === 0 ? body(code, "Phường", "Ward", name) : body(code, "Xã", "Commune", name);
  }),
}));
console.log(JSON.stringify(list, null, 1));
