(function (script, wasm) {
	let begun = false;
	const begin = () => {
		if (begun) return;
		begun = true;
		const response = fetch(wasm, { credentials: "same-origin" });
		import(script).then(async (page) => {
			await page.default({ module_or_path: response });
			page.hydrate();
		});
	};
	// After the first paint, which the WASM's bytes would only delay. A tab that is hidden paints
	// nothing, and begins by the timer.
	requestAnimationFrame(() => setTimeout(begin));
	setTimeout(begin, 1000);
})
