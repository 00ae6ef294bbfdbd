// Writing on the staff screens, as a person does it.
export const TYPED = {
  title: "Thông tin điều chỉnh lịch phát nước sinh hoạt",
  summary: "Từ ngày 25/11, giờ phát nước của ba thôn vùng cao lùi lại ba mươi phút để kịp bơm đầy bể.",
  body: "Từ ngày 25/11/2026, trạm bơm Đồi Chè phát nước từ 5 giờ 30 phút.\n\n- Thôn Đồng Mạ: 5 giờ 30 phút\n- Thôn Khuổi Sáng: 6 giờ\n\nMọi vướng mắc xin gọi **0299 3 999 101**.",
};

/** Opens the form of a news item and fills it in. */
export const fillNews = async (page, at, typed = TYPED) => {
  await page.goto(`${at}/quan-tri/tin-bai/moi/news`);
  await page.getByRole("textbox", { name: "Tiêu đề" }).fill(typed.title);
  await page.getByLabel("Tóm tắt").fill(typed.summary);
  await page.getByRole("textbox", { name: "Nội dung" }).fill(typed.body);
  await page.getByLabel("Chuyên mục").selectOption({ label: "Tin tức – Hoạt động" });
};

/** What the open form holds. */
export const formHolds = async (page) => ({
  title: await page.getByRole("textbox", { name: "Tiêu đề" }).inputValue(),
  summary: await page.getByLabel("Tóm tắt").inputValue(),
  body: await page.getByRole("textbox", { name: "Nội dung" }).inputValue(),
});
